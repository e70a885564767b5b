/** Brings into view what was asked for, with as little motion as it takes. */
import { useEffect, useRef } from "react";
import { useReactFlow, useStore, type Viewport } from "@xyflow/react";
import { boundsOf, type Size } from "../graph/boxes";
import type { Point } from "../graph/edits";
import { fits, shiftInto, type Rectangle } from "../graph/inView";
import { focusAll, focusOn, keepInView, useUi } from "../state/ui";
import { FAR } from "./far";
import type { Scene } from "../state/scene";

const QUICK = 180;
const READABLE = 0.42;
const SMALL = 60;
const MARGIN = 40;
const NEAR = 0.8;

/** `hold` is called around jumps to the whole of a large group. */
export function useFocus(scene: Scene, hold?: (isHeld: boolean) => void): void {
  const flow = useReactFlow();
  const focus = useUi((state) => state.focus);
  const nodes = useUi((state) => state.nodes);
  const wires = useUi((state) => state.wires);
  useEffect(() => {
    // What is asked for already is more than that.
    if (nodes.size + wires.size === 0 || isHeldDown || useUi.getState().focus) return;
    keepInView(...nodes, ...wires);
  }, [nodes, wires]);
  const isSized = useStore((state) => state.width > 0 && state.height > 0);
  const width = useStore((state) => state.width);
  /** Counts what was asked for. */
  const job = useRef(0);
  /** How wide the canvas was. */
  const before = useRef(0);
  // The view that shows all, as long as nobody has moved it.
  const fitted = useRef<Viewport | undefined>(undefined);
  useEffect(() => {
    const isFirst = before.current === 0;
    before.current = width;
    const settle = () => {
      const { nodes, wires } = useUi.getState();
      const { x, y, zoom } = flow.getViewport();
      const last = fitted.current;
      const isFitted = last?.x === x && last.y === y && last.zoom === zoom;
      const isOne = nodes.size + wires.size === 1;
      // The panel of what is chosen must not lie over it.
      if (isOne && (nodes.size === 1 || !isFirst)) focusOn(...nodes, ...wires);
      else if (isFitted && nodes.size + wires.size === 0) focusAll();
    };
    if (!isHeldDown) {
      settle();
      return undefined;
    }
    // What is dragged must not run away from the pointer.
    const later = () => requestAnimationFrame(settle);
    window.addEventListener("pointerup", later, { once: true });
    return () => {
      window.removeEventListener("pointerup", later);
    };
  }, [width, flow]);
  useEffect(() => {
    if (!focus || !isSized) return;
    job.current += 1;
    const mine = job.current;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (focus.names === "all") {
      const bounds = boundsOf(scene.boxes);
      if (bounds && hold) {
        hold(true);
        afterFrames(2, () => {
          // Something else was asked for meanwhile.
          if (job.current !== mine) return;
          void flow.fitBounds(bounds, { padding: 0.05 }).then(() => {
            hold(false);
          });
        });
      } else if (bounds) {
        void showAll(flow, bounds, scene.boxes.length).then((viewport) => {
          fitted.current = viewport;
        });
      }
      useUi.setState({ focus: undefined });
      return;
    }
    const names = new Set<string>(focus.names);
    for (const wire of scene.wires) {
      if (!names.delete(wire.name)) continue;
      names.add(wire.from).add(wire.to);
    }
    const bounds = boundsOf(scene.boxes.filter((box) => names.has(box.name)));
    if (!bounds) return;
    useUi.setState({ focus: undefined });
    hold?.(false);
    const { x, y, zoom } = flow.getViewport();
    const area = document.querySelector(".react-flow")?.getBoundingClientRect();
    const duration = calm ? 0 : QUICK;
    const isFar = zoom < FAR;
    const seen = {
      ...{ x: bounds.x * zoom + x, y: bounds.y * zoom + y },
      ...{ width: bounds.width * zoom, height: bounds.height * zoom },
    };
    if (focus.isSoft === true && (isFar || !area || !fits(seen, area))) return;
    if (isFar || !area) {
      const middle = { x: bounds.x + bounds.width / 2, y: bounds.y + bounds.height / 2 };
      void flow.setCenter(middle.x, middle.y, { zoom: isFar ? NEAR : zoom, duration });
      return;
    }
    const by = shiftInto(seen, area, coversIn(area));
    if (by.x !== 0 || by.y !== 0) {
      void flow.setViewport({ x: x + by.x, y: y + by.y, zoom }, { duration });
    }
  }, [focus, scene, flow, isSized, hold]);
}

/** What lies over the view, in its pixels. */
function coversIn(area: DOMRect): Rectangle[] {
  return [...document.querySelectorAll(".minimap, .zoom")].map((each) => {
    const { x, y, width, height } = each.getBoundingClientRect();
    return { x: x - area.x, y: y - area.y, width, height };
  });
}

/** Whether a button of the mouse is held: while something is dragged the view stays. */
let isHeldDown = false;
for (const name of ["pointerdown", "pointerup", "pointercancel"]) {
  window.addEventListener(
    name,
    () => {
      isHeldDown = name === "pointerdown";
    },
    { capture: true },
  );
}

function afterFrames(count: number, run: () => void): void {
  if (count === 0) run();
  else requestAnimationFrame(() => afterFrames(count - 1, run));
}

/** A small flow is neither blown up to fill the screen nor shrunk until nobody can read it; then its
 * beginning is shown. */
async function showAll(
  flow: ReturnType<typeof useReactFlow>,
  bounds: Point & Size,
  count: number,
): Promise<Viewport> {
  await flow.fitBounds(bounds, { padding: 0.1, duration: 0 });
  const zoom = flow.getZoom();
  if (zoom > 1) {
    await flow.zoomTo(1);
  } else if (zoom < READABLE && count <= SMALL) {
    const height = document.querySelector(".react-flow")?.clientHeight ?? 0;
    const middle = bounds.y + bounds.height / 2;
    const y = height / 2 - middle * READABLE;
    await flow.setViewport({ x: MARGIN - bounds.x * READABLE, y, zoom: READABLE });
  }
  // A little above the middle: the small map is at the foot.
  const shown = flow.getViewport();
  const top = Math.max(0, bounds.y * shown.zoom + shown.y);
  await flow.setViewport({ ...shown, y: shown.y - top / 3 });
  return flow.getViewport();
}
