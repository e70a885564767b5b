/** The ways to help from a flow, which stays where it is. */
import { lazy } from "react";
import { CircleHelp } from "lucide-react";
import { MenuButton } from "../components/MenuButton";
import { t } from "../messages";

const load = () => import("./HelpMenuList");
const HelpMenuList = lazy(load);

export function HelpMenu() {
  return (
    <MenuButton label={t("help")} icon={<CircleHelp size={17} />} load={load}>
      {(place) => <HelpMenuList place={place} />}
    </MenuButton>
  );
}
