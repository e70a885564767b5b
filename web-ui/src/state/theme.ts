/** The theme: that of the system until a person chooses one, which the browser keeps. */
import { create } from "zustand";

export const THEMES = ["system", "light", "dark", "contrast"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "tutti.theme";
const prefersDark = () => matchMedia("(prefers-color-scheme: dark)");
const prefersContrast = () => matchMedia("(prefers-contrast: more)");

function kept(): Theme {
  try {
    const found = localStorage.getItem(KEY);
    return THEMES.find((each) => each === found) ?? "system";
  } catch {
    return "system";
  }
}

export const useTheme = create<{ theme: Theme }>(() => ({ theme: kept() }));

function show(): void {
  const { theme } = useTheme.getState();
  const system = prefersContrast().matches ? "contrast" : prefersDark().matches ? "dark" : "light";
  document.documentElement.dataset.theme = theme === "system" ? system : theme;
}

export function setTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A browser that keeps nothing shows it all the same, until it is closed.
  }
  useTheme.setState({ theme });
}

export function startTheme(): void {
  show();
  useTheme.subscribe(show);
  prefersDark().addEventListener("change", show);
  prefersContrast().addEventListener("change", show);
}
