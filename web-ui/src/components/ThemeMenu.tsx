/** Light, dark, or with much contrast. */
import { lazy } from "react";
import { t } from "../messages";
import { useTheme } from "../state/theme";
import { MenuButton } from "./MenuButton";
import { THEME_ICONS } from "./themes";

const load = () => import("./ThemeMenuList");
const ThemeMenuList = lazy(load);

export function ThemeMenu() {
  const theme = useTheme((state) => state.theme);
  const Icon = THEME_ICONS[theme];
  return (
    <MenuButton label={t("theme")} icon={<Icon size={17} />} load={load}>
      {(place) => <ThemeMenuList place={place} />}
    </MenuButton>
  );
}
