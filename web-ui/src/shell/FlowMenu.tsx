/** From one flow to another, or to a new one. */
import { FLOWS } from "../state/catalog";
import { useQuery } from "@tanstack/react-query";
import { Check, ChevronsUpDown, LayoutGrid, Plus, Trash2 } from "lucide-react";
import * as Menu from "@radix-ui/react-dropdown-menu";
import { runAction } from "../actions/registry";
import { Hint } from "../components/Hint";
import { t } from "../messages";
import { openDialog } from "../state/navigate";
import { FLOWS_PAGE, showFlow } from "../state/route";

export default function FlowMenu({ flow }: { flow: string }) {
  const { data } = useQuery(FLOWS);
  return (
    <Menu.Root modal={false}>
      <Hint text={t("otherFlows")}>
        <Menu.Trigger className="button icon quiet small" aria-label={t("otherFlows")}>
          <ChevronsUpDown size={14} />
        </Menu.Trigger>
      </Hint>
      <Menu.Portal>
        <Menu.Content className="menu" align="start" sideOffset={4} collisionPadding={8}>
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
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
