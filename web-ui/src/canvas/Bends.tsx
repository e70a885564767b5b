/** Where a selected wire bends: handles to drag, or to move and take away by keys, and between them
 * places for new ones. */
import type { CSSProperties, KeyboardEvent, PointerEvent } from "react";
import { useRef } from "react";
import { useReactFlow } from "@xyflow/react";
import { bendsOf, setBends } from "../actions/bends";
import type { Point } from "../graph/edits";
import { snapped } from "../graph/boxes";
import { t } from "../messages";

const STEP = 8;
/** Nearer to the label than this there is no place for a new bend. */
const LABEL = 56;
const ARROWS: Record<string, Point> = {
  ArrowLeft: { x: -STEP, y: 0 },
  ArrowRight: { x: STEP, y: 0 },
  ArrowUp: { x: 0, y: -STEP },
  ArrowDown: { x: 0, y: STEP },
};

interface Props {
  name: string;
  source: Point;
  target: Point;
  /** Where the label is. */
  middle: Point;
  bends: readonly Point[];
  /** Shows the wire so while it is dragged; nothing: as it is. */
  onShow: (bends: Point[] | undefined) => void;
}

const between = (from: Point, to: Point, part: number): Point => ({
  x: from.x + (to.x - from.x) * part,
  y: from.y + (to.y - from.y) * part,
});

/** Half way between an end of the wire and its label; on a short wire nearer to the end, as the label
 * would lie over it. */
function beside(end: Point, middle: Point): Point {
  const length = Math.hypot(end.x - middle.x, end.y - middle.y);
  return between(end, middle, length >= LABEL * 2 ? 0.5 : Math.max(0.12, 1 - LABEL / length));
}

/** A place in each part of the wire: of one without bends before and behind its label. */
function placesFor({ source, target, middle, bends }: Props): { at: Point; index: number }[] {
  if (bends.length === 0) {
    return [source, target].map((end) => ({ at: beside(end, middle), index: 0 }));
  }
  const points = [source, ...bends, target];
  return points.slice(1).flatMap((to, index) => {
    const from = points[index] ?? to;
    const away = ({ x, y }: Point) => Math.hypot(x - middle.x, y - middle.y);
    const free = [0.5, 0.2, 0.8].map((part) => between(from, to, part));
    const at = free.find((point) => away(point) >= LABEL);
    return at ? [{ at, index }] : [];
  });
}

export default function Bends(props: Props) {
  const { name, bends, onShow } = props;
  const flow = useReactFlow();
  const drag = useRef<{ points: Point[]; index: number; isMoved: boolean } | undefined>(undefined);
  const begin = (event: PointerEvent, points: Point[], index: number) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { points, index, isMoved: false };
  };
  const move = (event: PointerEvent) => {
    const { current } = drag;
    if (!current) return;
    const at = flow.screenToFlowPosition(
      { x: event.clientX, y: event.clientY },
      { snapToGrid: false },
    );
    const point = { x: snapped(at.x), y: snapped(at.y) };
    const points = current.points.with(current.index, point);
    drag.current = { ...current, points, isMoved: true };
    onShow(points);
  };
  const end = () => {
    const { current } = drag;
    drag.current = undefined;
    if (current?.isMoved) setBends(name, current.points);
    onShow(undefined);
  };
  const inserted = (index: number, at: Point) =>
    bends.toSpliced(index, 0, { x: snapped(at.x), y: snapped(at.y) });
  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const by = ARROWS[event.key];
    // Keys come faster than pictures.
    const now = bendsOf(name);
    const bend = now[index];
    const isRemoval = event.key === "Delete" || event.key === "Backspace";
    if (!bend || (!by && !isRemoval)) return;
    event.preventDefault();
    event.stopPropagation();
    if (by) setBends(name, now.with(index, { x: bend.x + by.x, y: bend.y + by.y }));
    else setBends(name, now.toSpliced(index, 1));
  };
  const shared = { type: "button", onPointerMove: move, onPointerUp: end, onPointerCancel: end };
  return (
    <>
      {placesFor(props).map(({ at, index }, place) => (
        <button
          {...shared}
          type="button"
          key={`place ${String(place)}`}
          className="bend place nodrag nopan"
          style={styleAt(at)}
          aria-label={t("bendAdd")}
          onPointerDown={(event) => {
            begin(event, inserted(index, at), index);
          }}
          onClick={(event) => {
            // A click with a pointer was a drag that went nowhere; keys click without one.
            if (event.detail === 0) setBends(name, inserted(index, at));
          }}
        />
      ))}
      {bends.map((bend, index) => (
        <button
          {...shared}
          type="button"
          key={index}
          className="bend nodrag nopan"
          style={styleAt(bend)}
          aria-label={t("bendOf", { number: index + 1, count: bends.length })}
          onPointerDown={(event) => {
            begin(event, [...bends], index);
          }}
          onDoubleClick={(event) => {
            event.stopPropagation();
            setBends(name, bends.toSpliced(index, 1));
          }}
          onKeyDown={(event) => {
            onKeyDown(event, index);
          }}
        />
      ))}
    </>
  );
}

function styleAt({ x, y }: Point): CSSProperties {
  return { transform: `translate(-50%, -50%) translate(${String(x)}px, ${String(y)}px)` };
}
