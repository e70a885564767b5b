/** Light, dark, or with much contrast. */
import { Check, Contrast, Monitor, Moon, Sun } from "lucide-react";
import * as Menu from "@radix-ui/react-dropdown-menu";
import { Hint } from "./Hint";
import { t } from "../messages";
import { setTheme, THEMES, useTheme } from "../state/theme";

const ICONS = { system: Monitor, light: Sun, dark: Moon, contrast: Contrast };
const NAMES = {
  system: "themeSystem",
  light: "themeLight",
  dark: "themeDark",
  contrast: "themeContrast",
} as const;

export default function ThemeMenu() {
  const theme = useTheme((state) => state.theme);
  const Icon = ICONS[theme];
  return (
    <Menu.Root modal={false}>
      <Hint text={t("theme")}>
        <Menu.Trigger className="button icon quiet" aria-label={t("theme")}>
          <Icon size={17} />
        </Menu.Trigger>
      </Hint>
      <Menu.Portal>
        <Menu.Content className="menu" align="end" sideOffset={4}>
          {THEMES.map((each) => {
            const Each = ICONS[each];
            return (
              <Menu.Item
                key={each}
                className="menu-item"
                onSelect={() => {
                  setTheme(each);
                }}
              >
                <Each size={15} aria-hidden />
                {t(NAMES[each])}
                {each === theme ? (
                  <Check size={14} className="menu-check" aria-label={t("chosen")} />
                ) : null}
              </Menu.Item>
            );
          })}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
