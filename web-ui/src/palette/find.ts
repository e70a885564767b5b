/** By what a type is found, and which types fit a wire. */
import type { ProcessorType } from "../api/types";
import type { Weighed } from "../graph/search";

export function textsOf(type: ProcessorType): Weighed[] {
  return [
    { text: type.type, weight: 1 },
    ...type.aliases.map((text) => ({ text, weight: 0.9 })),
    ...type.tags.map((text) => ({ text, weight: 0.6 })),
    { text: type.summary, weight: 0.4 },
  ];
}

/** Whether flowfiles can go into such a processor, or come out of it. */
export function fits(type: ProcessorType, side: "from" | "to" | undefined): boolean {
  if (side === "from") return type.input !== "forbidden";
  if (side === "to") return type.relationships.length > 0;
  return true;
}
