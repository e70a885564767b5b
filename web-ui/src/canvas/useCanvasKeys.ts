/** Moving about on the canvas by keyboard: arrows go from box to box, or move the view. */
import { useCallback, useEffect, type KeyboardEvent } from "react";
import { useReactFlow } from "@xyflow/react";
import { neighbour } from "../graph/boxes";
import { t } from "../messages";
import { announce, focusOn, select, useUi } from "../state/ui";
import { openGroup, openDialog, replaceAddress } from "../state/navigate";
import { sceneNow } from "../state/scene";

const ARROWS = {
  ArrowLeft: { direction: "left", x: -1, y: 0 },
  ArrowRight: { direction: "right", x: 1, y: 0 },
  ArrowUp: { direction: "up", x: 0, y: -1 },
  ArrowDown: { direction: "down", x: 0, y: 1 },
} as const;

const PAN = 80;
/** How many pictures long a panel is waited for. */
const ENTER_FRAMES = 300;

type Key = Pick<
  globalThis.KeyboardEvent,
  "key" | "metaKey" | "ctrlKey" | "altKey" | "shiftKey" | "preventDefault"
>;

export function useCanvasKeys(): (event: KeyboardEvent<HTMLElement>) => void {
  const flow = useReactFlow();
  const press = useCallback(
    (event: Key) => {
      // With these keys an arrow is a command's, such as to move what is selected.
      const isCommand = event.metaKey || event.ctrlKey || event.altKey;
      if (isCommand) return;
      if (event.key === "Enter") {
        open();
        event.preventDefault();
        return;
      }
      if (!(event.key in ARROWS)) return;
      const { direction, x, y } = ARROWS[event.key as keyof typeof ARROWS];
      event.preventDefault();
      if (event.shiftKey || (sceneNow()?.boxes.length ?? 0) === 0) {
        const viewport = flow.getViewport();
        void flow.setViewport({ ...viewport, x: viewport.x - x * PAN, y: viewport.y - y * PAN });
      } else {
        go(direction);
      }
    },
    [flow],
  );
  // They are the canvas's, too, when nothing has the focus.
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (event.target !== document.body || event.defaultPrevented) return;
      if (!document.querySelector("dialog[open]")) press(event);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => {
      window.removeEventListener("keydown", onKeyDown);
    };
  }, [press]);
  return useCallback(
    (event) => {
      if (event.target === event.currentTarget) press(event);
    },
    [press],
  );
}

function go(direction: "left" | "right" | "up" | "down"): void {
  const scene = sceneNow();
  const [name] = useUi.getState().nodes;
  const from = scene?.boxes.find((box) => box.name === name);
  const next = from && scene ? neighbour(scene.boxes, from, direction) : scene?.boxes[0];
  if (!next) return;
  select([next.name]);
  focusOn(next.name);
  replaceAddress();
  announce(t("selected", { name: next.name }));
}

function open(): void {
  const { nodes } = useUi.getState();
  const [name] = nodes;
  const box = sceneNow()?.boxes.find((each) => each.name === name);
  if (!box || nodes.size !== 1) return;
  if (box.kind === "group") openGroup(box.path);
  else if (box.kind === "processor") {
    useUi.setState({ isPanelOpen: true });
    enterPanel(ENTER_FRAMES);
  } else openDialog("rename");
}

/** Gives the first field of the panel the focus, which may still be on its way. */
function enterPanel(frames: number): void {
  const field = document.querySelector<HTMLElement>(".panel input, .panel select, .panel textarea");
  const before = document.activeElement;
  if (field) field.focus();
  else if (frames > 0) {
    requestAnimationFrame(() => {
      // Whoever has gone on elsewhere is not called back.
      if (document.activeElement === before) enterPanel(frames - 1);
    });
  }
}
