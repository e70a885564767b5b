/** What can be done with a flow from the list. */
import { ArrowRight, Ellipsis, Trash2 } from "lucide-react";
import * as Menu from "@radix-ui/react-dropdown-menu";
import { Hint } from "../components/Hint";
import { t } from "../messages";
import { showFlow } from "../state/route";
import { isRefused } from "../state/user";

interface Props {
  flow: string;
  onDelete: () => void;
}

export function FlowCardMenu({ flow, onDelete }: Props) {
  const label = t("moreOf", { name: flow });
  return (
    <Menu.Root modal={false}>
      <Hint text={label}>
        <Menu.Trigger className="button icon quiet small flow-card-more" aria-label={label}>
          <Ellipsis size={16} />
        </Menu.Trigger>
      </Hint>
      <Menu.Portal>
        <Menu.Content className="menu" align="end" sideOffset={4} collisionPadding={8}>
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
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
