// A flow of 1,000 processors.
import type { COPY } from "./app";

export const NODES = 1000;
const COLUMNS = 50;

/** 1,000 processors and 1,500 connections, with places. */
export function large(): { flow: typeof COPY; layout: object } {
  const name = (index: number) => `P${String(index).padStart(4, "0")}`;
  const processors = Object.fromEntries(
    Array.from({ length: NODES }, (_, index) => [
      name(index),
      { type: "LogAttribute", autoTerminate: ["success"], state: "disabled" },
    ]),
  );
  const connections = Array.from({ length: NODES * 1.5 }, (_, index) => {
    const from = index % NODES;
    const step = index < NODES ? 1 : COLUMNS;
    return { from: name(from), relationships: ["success"], to: name((from + step) % NODES) };
  });
  for (const processor of Object.values(processors)) {
    Object.assign(processor, { autoTerminate: undefined });
  }
  const positions = Object.fromEntries(
    Array.from({ length: NODES }, (_, index) => [
      name(index),
      { x: (index % COLUMNS) * 360, y: Math.floor(index / COLUMNS) * 160 },
    ]),
  );
  const flow = { format: 1, name: "large", processors, connections };
  return { flow: flow as unknown as typeof COPY, layout: { format: 1, positions } };
}
