/** The other flows, and what can be done with this one. */
import { FLOWS } from "../state/catalog";
import { useQuery } from "@tanstack/react-query";
import { Check, LayoutGrid, Plus, Trash2 } from "lucide-react";
import * as Menu from "@radix-ui/react-dropdown-menu";
import { runAction } from "../actions/registry";
import type { MenuPlace } from "../components/MenuButton";
import { MenuList } from "../components/MenuList";
import { t } from "../messages";
import { openDialog } from "../state/navigate";
import { FLOWS_PAGE, showFlow } from "../state/route";

export default function FlowMenuList({ flow, place }: { flow: string; place: MenuPlace }) {
  const { data } = useQuery(FLOWS);
  return (
    <MenuList place={place} align="start">
      {data?.map((each) => (
        <Menu.Item
          key={each.name}
          className="menu-item"
          onSelect={() => {
            showFlow(each.name);
          }}
        >
          {each.name}
          {each.isRunning ? null : <span className="badge">{t("flowIdle")}</span>}
          {each.name === flow ? (
            <Check size={14} className="menu-check" aria-label={t("chosen")} />
          ) : null}
        </Menu.Item>
      ))}
      <Menu.Separator className="menu-line" />
      <Menu.Item
        className="menu-item"
        onSelect={() => {
          location.hash = FLOWS_PAGE;
        }}
      >
        <LayoutGrid size={14} aria-hidden /> {t("flows")}
      </Menu.Item>
      <Menu.Item
        className="menu-item"
        onSelect={() => {
          openDialog("newFlow");
        }}
      >
        <Plus size={14} aria-hidden /> {t("newFlow")}
      </Menu.Item>
      <Menu.Separator className="menu-line" />
      <Menu.Item
        className="menu-item bad"
        onSelect={() => {
          runAction("deleteFlow");
        }}
      >
        <Trash2 size={14} aria-hidden /> {t("actDeleteFlow")}
      </Menu.Item>
    </MenuList>
  );
}
