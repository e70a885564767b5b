/** What a box still lacks that was only just put there: no mistakes, but what is to be done next. */
import type { Finding } from "../api/types";

export interface Unfinished {
  /** Properties without a value. */
  properties: string[];
  /** Relationships that lead nowhere. */
  relationships: string[];
  isInputMissing: boolean;
  /** All else that was found. */
  others: Finding[];
}

const MISSING_PROPERTY = "T0104";
const UNCONNECTED = "T0206";
const MISSING_INPUT = "T0208";

export function unfinishedIn(findings: readonly Finding[]): Unfinished {
  const found: Unfinished = {
    properties: [],
    relationships: [],
    isInputMissing: false,
    others: [],
  };
  for (const finding of findings) {
    const { code } = finding;
    const missing = finding.missing ?? undefined;
    if (code === MISSING_PROPERTY && missing !== undefined) found.properties.push(missing);
    else if (code === UNCONNECTED && missing !== undefined) found.relationships.push(missing);
    else if (code === MISSING_INPUT) found.isInputMissing = true;
    else found.others.push(finding);
  }
  return found;
}
