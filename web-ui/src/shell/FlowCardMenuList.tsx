/** What can be done with a flow from the list. */
import { ArrowRight, Trash2 } from "lucide-react";
import * as Menu from "@radix-ui/react-dropdown-menu";
import type { MenuPlace } from "../components/MenuButton";
import { MenuList } from "../components/MenuList";
import { t } from "../messages";
import { showFlow } from "../state/route";
import { isRefused } from "../state/user";

interface Props {
  flow: string;
  place: MenuPlace;
  onDelete: () => void;
}

export default function FlowCardMenuList({ flow, place, onDelete }: Props) {
  return (
    <MenuList place={place} align="end">
      <Menu.Item
        className="menu-item"
        onSelect={() => {
          showFlow(flow);
        }}
      >
        <ArrowRight size={14} aria-hidden /> {t("actOpen")}
      </Menu.Item>
      <Menu.Separator className="menu-line" />
      <Menu.Item
        className="menu-item bad"
        onSelect={() => {
          if (!isRefused("editor")) onDelete();
        }}
      >
        <Trash2 size={14} aria-hidden /> {t("actDeleteFlow")}
      </Menu.Item>
    </MenuList>
  );
}
