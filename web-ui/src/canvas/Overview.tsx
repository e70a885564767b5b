/** A large flow from afar: one canvas instead of thousands of elements. */
import { useEffect, useRef } from "react";
import { useStore } from "@xyflow/react";
import { useLive } from "../state/live";
import { useDraft } from "../state/draft";
import { select, useUi } from "../state/ui";
import { openGroup } from "../state/navigate";
import { coloursNow, paint, prepare } from "./paint";
import type { Scene } from "../state/scene";
import { useTheme } from "../state/theme";

export default function Overview({ scene }: { scene: Scene }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [x, y, zoom] = useStore((state) => state.transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const beat = useLive((state) => state.beat);
  const findings = useDraft((state) => state.findings);
  const nodes = useUi((state) => state.nodes);
  const theme = useTheme((state) => state.theme);
  useEffect(() => {
    const element = canvas.current;
    const context = element && prepare(element, width, height);
    if (!context) return;
    context.translate(x, y);
    context.scale(zoom, zoom);
    paint(context, scene.boxes, scene.wires, coloursNow(), 1 / zoom);
  }, [scene, x, y, zoom, width, height, beat, findings, nodes, theme]);
  const boxAt = (clientX: number, clientY: number) => {
    const bounds = canvas.current?.getBoundingClientRect();
    const atX = (clientX - (bounds?.left ?? 0) - x) / zoom;
    const atY = (clientY - (bounds?.top ?? 0) - y) / zoom;
    return scene.boxes.findLast(
      (box) =>
        atX >= box.x && atX <= box.x + box.width && atY >= box.y && atY <= box.y + box.height,
    );
  };
  useEffect(() => {
    const pane = canvas.current
      ?.closest(".react-flow")
      ?.querySelector<HTMLElement>(".react-flow__pane");
    if (!pane) return undefined;
    const onClick = (event: MouseEvent) => {
      const box = boxAt(event.clientX, event.clientY);
      // After xyflow, which takes a click on its pane as one on nothing.
      setTimeout(() => {
        if (box) select([box.name]);
      });
    };
    const onOpen = (event: MouseEvent) => {
      const box = boxAt(event.clientX, event.clientY);
      if (box?.kind === "group") openGroup(box.path);
    };
    pane.addEventListener("click", onClick);
    pane.addEventListener("dblclick", onOpen);
    return () => {
      pane.removeEventListener("click", onClick);
      pane.removeEventListener("dblclick", onOpen);
    };
  });
  return <canvas ref={canvas} className="overview" aria-hidden />;
}
