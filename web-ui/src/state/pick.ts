/** What is asked of a person in passing: a type to add, relationships of a new wire. */
import type { Point } from "../graph/edits";

export interface QuickAdd {
  /** Where the box is to be; nothing is next to what it is wired to, or in the middle. */
  at?: Point | undefined;
  /** The box whose flowfiles the new one takes, or that takes the new one's. */
  from?: { name: string; port?: string | undefined } | undefined;
  to?: { name: string; port?: string | undefined } | undefined;
}

export interface WirePick {
  from: { name: string; port?: string | undefined };
  to: { name: string; port?: string | undefined };
  /** The connection that is changed, where it is not a new one. */
  existing?: string;
}
