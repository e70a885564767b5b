/** A flow as its file has it: what the draft keeps by names stands in lists there. */
import type { Json, JsonObject } from "../api/types";

const isTable = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The same flow, and all groups in it, with connections and funnels as lists. */
export function asFile(group: JsonObject): JsonObject {
  const { connections, funnels, groups, ...others } = group;
  return {
    ...others,
    ...(isTable(connections) ? { connections: Object.values(connections) } : {}),
    ...(isTable(funnels) ? { funnels: Object.keys(funnels) } : {}),
    ...(isTable(groups)
      ? {
          groups: Object.fromEntries(
            Object.entries(groups).map(([name, each]) => [
              name,
              isTable(each) ? asFile(each) : each,
            ]),
          ),
        }
      : {}),
  };
}
