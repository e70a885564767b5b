/** A small map of the group, tinted by states, errors and full queues; a click goes there. */
import { useEffect, useRef, type PointerEvent } from "react";
import { useReactFlow, useStore } from "@xyflow/react";
import { boundsOf } from "../graph/boxes";
import { useDraft } from "../state/draft";
import { useLive } from "../state/live";
import { useTheme } from "../state/theme";
import { useUi } from "../state/ui";
import { t } from "../messages";
import { coloursNow, paint, prepare } from "./paint";
import type { Scene } from "../state/scene";

const WIDTH = 196;
const HEIGHT = 128;
const MARGIN = 60;

export default function Minimap({ scene }: { scene: Scene }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useReactFlow();
  const [x, y, zoom] = useStore((state) => state.transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const beat = useLive((state) => state.beat);
  const findings = useDraft((state) => state.findings);
  const nodes = useUi((state) => state.nodes);
  const theme = useTheme((state) => state.theme);
  const view = { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
  const all = boundsOf([...scene.boxes, view]) ?? view;
  const scale = Math.min(WIDTH / (all.width + MARGIN * 2), HEIGHT / (all.height + MARGIN * 2));
  const shiftX = WIDTH / 2 - (all.x + all.width / 2) * scale;
  const shiftY = HEIGHT / 2 - (all.y + all.height / 2) * scale;
  useEffect(() => {
    const element = canvas.current;
    const context = element && prepare(element, WIDTH, HEIGHT);
    if (!context) return;
    const colours = coloursNow();
    context.translate(shiftX, shiftY);
    context.scale(scale, scale);
    paint(context, scene.boxes, scene.wires, colours, 1 / scale);
    // The view is an element of its own: moving about paints nothing here.
  }, [scene, beat, findings, nodes, theme, scale, shiftX, shiftY]);
  const go = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.buttons === 0) return;
    const bounds = event.currentTarget.getBoundingClientRect();
    const atX = (event.clientX - bounds.left - shiftX) / scale;
    const atY = (event.clientY - bounds.top - shiftY) / scale;
    void flow.setCenter(atX, atY, { zoom });
  };
  const frame = {
    width: view.width * scale,
    height: view.height * scale,
    transform: `translate(${String(view.x * scale + shiftX)}px, ${String(view.y * scale + shiftY)}px)`,
  };
  return (
    <div className="minimap nopan nowheel" style={{ width: WIDTH, height: HEIGHT }}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={t("minimap")}
        onPointerDown={(event) => {
          event.stopPropagation();
          event.currentTarget.setPointerCapture(event.pointerId);
          go(event);
        }}
        onPointerMove={go}
      />
      <span className="minimap-view" style={frame} />
    </div>
  );
}
