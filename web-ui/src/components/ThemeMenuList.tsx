/** The themes, and which of them is chosen. */
import { Check } from "lucide-react";
import * as Menu from "@radix-ui/react-dropdown-menu";
import { t } from "../messages";
import { setTheme, THEMES, useTheme } from "../state/theme";
import type { MenuPlace } from "./MenuButton";
import { MenuList } from "./MenuList";
import { THEME_ICONS } from "./themes";

const NAMES = {
  system: "themeSystem",
  light: "themeLight",
  dark: "themeDark",
  contrast: "themeContrast",
} as const;

export default function ThemeMenuList({ place }: { place: MenuPlace }) {
  const theme = useTheme((state) => state.theme);
  return (
    <MenuList place={place} align="end">
      {THEMES.map((each) => {
        const Each = THEME_ICONS[each];
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
    </MenuList>
  );
}
