// Flows of a size, in which something happens: flowfiles pass through all processors, one after the
// other, so that every counter changes.
const COLUMNS = 50;
export const PITCH = 360;
const ROW = 160;

const name = (index: number) => `P${String(index).padStart(4, "0")}`;

interface Processor {
  type: string;
  properties?: Record<string, string>;
  schedule?: { period: string };
  autoTerminate: string[];
}

export interface Large {
  flow: { name: string };
  layout: object;
}

/** So many processors, and half as many connections more than that. */
export function large(nodes: number): Large {
  const processors: Record<string, Processor> = {};
  for (let index = 0; index < nodes; index += 1) {
    const ends = index === nodes - 1 ? ["success"] : [];
    processors[name(index)] = { type: "HashContent", autoTerminate: ends };
  }
  processors[name(0)] = {
    type: "GenerateFlowFile",
    properties: { "Custom Text": "x" },
    schedule: { period: "100 ms" },
    autoTerminate: [],
  };
  const connections: { from: string; relationships: string[]; to: string }[] = [];
  for (let index = 0; index < nodes; index += 1) {
    const from = name(index);
    if (index + 1 < nodes) {
      connections.push({ from, relationships: ["success"], to: name(index + 1) });
    }
    if (index === 0) continue;
    // Failures there are none of: these connections only have to be drawn.
    const to = name(1 + ((index + COLUMNS) % (nodes - 1)));
    if (index % 2 === 0) connections.push({ from, relationships: ["failure"], to });
    else processors[from]?.autoTerminate.push("failure");
  }
  const positions = Object.fromEntries(
    Array.from({ length: nodes }, (_, index) => [
      name(index),
      { x: (index % COLUMNS) * PITCH, y: Math.floor(index / COLUMNS) * ROW },
    ]),
  );
  const flow = { format: 1, name: `large-${String(nodes)}`, processors, connections };
  return { flow, layout: { format: 1, positions } };
}
