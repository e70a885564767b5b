/** The menu of the right button: what can be done with what is selected. */
import { lazy, useState, type ReactNode } from "react";
import { Late } from "../components/Late";
import { select, useUi } from "../state/ui";
import { sceneNow } from "../state/scene";

const CanvasMenuList = lazy(() => import("./CanvasMenuList"));

export function CanvasMenu({ children }: { children: ReactNode }) {
  const [at, setAt] = useState<{ x: number; y: number } | undefined>();
  return (
    <div
      className="canvas-menu"
      onContextMenu={(event) => {
        event.preventDefault();
        choose(event.target as Element);
        setAt({ x: event.clientX, y: event.clientY });
      }}
    >
      {children}
      {at ? (
        <Late>
          <CanvasMenuList
            key={`${String(at.x)} ${String(at.y)}`}
            at={at}
            onClose={() => {
              setAt(undefined);
            }}
          />
        </Late>
      ) : null}
    </div>
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
