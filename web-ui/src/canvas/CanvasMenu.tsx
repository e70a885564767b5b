/** The menu of the right button: what can be done with what is selected. */
import { useState, type ReactNode } from "react";
import * as Menu from "@radix-ui/react-context-menu";
import { ChevronRight } from "lucide-react";
import { t } from "../messages";
import { actionOf, allActions, shortcutOf } from "../actions/registry";
import { select, useUi } from "../state/ui";
import { refusalFor } from "../state/user";
import { sceneNow } from "./useScene";

const OF_NODES = [
  "open",
  "start",
  "stop",
  "runOnce",
  "runUpTo",
  "terminate",
  "provenance",
  "",
  "connect",
  "rename",
  "align",
  "tidy",
  "copy",
  "cut",
  "remove",
];
const OF_WIRE = ["queue", "", "remove"];
const OF_PANE = ["add", "paste", "", "selectAll", "tidy", "fit", "", "provenance", "plan"];

export function CanvasMenu({ children }: { children: ReactNode }) {
  const [ids, setIds] = useState<string[]>([]);
  return (
    <Menu.Root
      modal={false}
      onOpenChange={(isOpen) => {
        if (!isOpen) return;
        const { nodes, wires } = useUi.getState();
        setIds(nodes.size > 0 ? OF_NODES : wires.size > 0 ? OF_WIRE : OF_PANE);
      }}
    >
      <Menu.Trigger
        asChild
        onContextMenu={(event) => {
          choose(event.target as Element);
        }}
      >
        {children}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content className="menu" collisionPadding={8}>
          {ids.map((id, index) =>
            id === "align" ? <AlignMenu key={id} /> : <Item key={id || index} id={id} />,
          )}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Item({ id }: { id: string }) {
  const action = actionOf(id);
  if (!action) return <Menu.Separator className="menu-line" />;
  const keys = shortcutOf(id);
  return (
    <Menu.Item
      className="menu-item"
      disabled={action.isEnabled?.() === false || refusalFor(action.needs) !== undefined}
      title={refusalFor(action.needs)}
      onSelect={action.run}
    >
      {t(action.label)}
      {keys === undefined ? null : <kbd className="key">{keys}</kbd>}
    </Menu.Item>
  );
}

function AlignMenu() {
  return (
    <Menu.Sub>
      <Menu.SubTrigger className="menu-item" disabled={useUi.getState().nodes.size < 2}>
        {t("align")}
        <ChevronRight size={14} className="menu-more" aria-hidden />
      </Menu.SubTrigger>
      <Menu.Portal>
        <Menu.SubContent className="menu" collisionPadding={8}>
          {allActions()
            .filter(({ id }) => /^(align|distribute) /.test(id))
            .map(({ id }) => (
              <Item key={id} id={id} />
            ))}
        </Menu.SubContent>
      </Menu.Portal>
    </Menu.Sub>
  );
}

/** What the menu was opened on is selected, unless it is already. */
function choose(target: Element): void {
  const { nodes, wires } = useUi.getState();
  const node = target.closest(".react-flow__node")?.getAttribute("data-id");
  if (node) {
    if (!nodes.has(node)) select([node]);
    return;
  }
  const wire = target.closest(".react-flow__edge")?.getAttribute("data-id");
  const chip = target.closest(".chip")?.getAttribute("data-path");
  const name = wire ?? sceneNow()?.wires.find((each) => each.path === chip)?.name;
  if (name === undefined) select([]);
  else if (!wires.has(name)) select([], [name]);
}
