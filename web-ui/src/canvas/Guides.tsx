/** Lines along boxes that are in line with what is dragged. */
import { ViewportPortal } from "@xyflow/react";
import { useGuides } from "./useDragging";

/** How far a line reaches beyond the boxes, on the screen. */
const BEYOND = 14;

export function Guides() {
  const guides = useGuides((state) => state.guides);
  const unit = useGuides((state) => state.unit);
  if (guides.length === 0) return null;
  return (
    <ViewportPortal>
      {guides.map(({ direction, at, from, to }) => {
        const isVertical = direction === "vertical";
        const start = from - BEYOND * unit;
        const length = to - from + 2 * BEYOND * unit;
        const [left, top] = isVertical ? [at, start] : [start, at];
        return (
          <div
            key={`${direction} ${String(at)}`}
            className={`guide ${direction}`}
            style={{
              transform: `translate(${String(left)}px, ${String(top)}px)`,
              [isVertical ? "height" : "width"]: length,
              [isVertical ? "width" : "height"]: unit,
            }}
          />
        );
      })}
    </ViewportPortal>
  );
}
