/** Where one is in an expression, for completion, and which queues lead to a processor. */
import { endOf, join, type GroupTree } from "../graph/tree";

export interface Place {
  kind: "attribute" | "function" | "parameter";
  /** Where the word begins that is being written. */
  from: number;
}

/** What may be written at a place of a text; nothing outside of references. */
export function placeIn(text: string, at: number): Place | undefined {
  const stack: ("attribute" | "function" | "parameter")[] = [];
  let quote: string | undefined;
  let from = 0;
  for (let index = 0; index < at; index += 1) {
    const sign = text[index] ?? "";
    const top = stack.at(-1);
    if (quote !== undefined) {
      if (sign === "\\") index += 1;
      else if (sign === quote) quote = undefined;
      continue;
    }
    const opens = text[index + 1] === "{" && index + 1 < at;
    if ((sign === "$" || sign === "#") && opens) {
      // Twice the sign stands for itself.
      if (text[index - 1] === sign && top === undefined) {
        index += 1;
        continue;
      }
      stack.push(sign === "$" ? "attribute" : "parameter");
      index += 1;
      from = index + 1;
    } else if (top === undefined) {
      continue;
    } else if (sign === "}") {
      stack.pop();
      from = index + 1;
    } else if (sign === ":" && top !== "parameter") {
      stack[stack.length - 1] = "function";
      from = index + 1;
    } else if ((sign === '"' || sign === "'") && top !== "parameter") {
      quote = sign;
      from = index + 1;
    } else if (/[\s(,)]/.test(sign)) {
      from = index + 1;
    }
  }
  const kind = stack.at(-1);
  if (kind === undefined || quote !== undefined) return undefined;
  // Behind a closed call there is nothing to complete before the next colon.
  const last = text.slice(0, at).trimEnd().at(-1);
  return last === ")" || (last === "}" && kind !== "attribute") ? undefined : { kind, from };
}

/** The connections that lead to a box of a group, by their paths. */
export function upstreamOf(group: GroupTree | undefined, path: string, name: string): string[] {
  return Object.entries(group?.connections ?? {})
    .filter(([, connection]) => endOf(connection.to).node === name)
    .map(([connection]) => join(path, connection))
    .sort();
}
