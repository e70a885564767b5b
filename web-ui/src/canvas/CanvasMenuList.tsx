/** What the menu of the right button lists: loaded when it is opened first. */
import * as Menu from "@radix-ui/react-dropdown-menu";
import { ChevronRight } from "lucide-react";
import { actionOf, allActions, shortcutOf } from "../actions/registry";
import { t } from "../messages";
import { focusCanvas } from "../state/focus";
import { useUi } from "../state/ui";
import { refusalFor } from "../state/user";

const OF_NODES = [
  "open",
  "start",
  "stop",
  "runOnce",
  "runUpTo",
  "terminate",
  "provenance",
  "bulletins",
  "",
  "connect",
  "rename",
  "align",
  "group",
  "ungroup",
  "tidy",
  "copy",
  "cut",
  "remove",
];
const OF_WIRE = ["queue", "", "remove"];
const OF_PANE = ["add", "paste", "", "selectAll", "tidy", "fit", "", "provenance", "plan"];

interface Props {
  at: { x: number; y: number };
  onClose: () => void;
}

export default function CanvasMenuList({ at, onClose }: Props) {
  const { nodes, wires } = useUi.getState();
  const ids = nodes.size > 0 ? OF_NODES : wires.size > 0 ? OF_WIRE : OF_PANE;
  return (
    <Menu.Root
      open
      modal={false}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Menu.Trigger asChild>
        <span className="menu-point" style={{ left: at.x, top: at.y }} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content
          className="menu"
          // Beside the point: only so is it moved up where there is no room for all of it below.
          side="right"
          align="start"
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            // What an item has opened keeps the focus.
            event.preventDefault();
          }}
          onEscapeKeyDown={() => {
            focusCanvas();
          }}
        >
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
