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

/** The server names what lacks only in its message. */
const PROPERTY = /needs the property "(.+)"$/;
const RELATIONSHIP = /^"(.+?)" of "/;

export function unfinishedIn(findings: readonly Finding[]): Unfinished {
  const found: Unfinished = {
    properties: [],
    relationships: [],
    isInputMissing: false,
    others: [],
  };
  for (const finding of findings) {
    const { code, message } = finding;
    const property = code === MISSING_PROPERTY ? PROPERTY.exec(message)?.[1] : undefined;
    const relationship = code === UNCONNECTED ? RELATIONSHIP.exec(message)?.[1] : undefined;
    if (property !== undefined) found.properties.push(property);
    else if (relationship !== undefined) found.relationships.push(relationship);
    else if (code === MISSING_INPUT) found.isInputMissing = true;
    else found.others.push(finding);
  }
  return found;
}
