/** Events of provenance as people read them: a form's fields, and the way of one flowfile. */
import { own } from "../graph/tree";
import { EVENT_TYPES, type EventType, type ProvenanceEvent } from "../api/types";
import type { ProvenanceSearch } from "../api/types";

/** What the form of a search holds: text, as it was written. */
export interface SearchFields {
  component: string;
  uuid: string;
  type: string;
  attribute: string;
  from: string;
  until: string;
}

export function fieldsOf(search: ProvenanceSearch): SearchFields {
  return {
    component: search.component ?? "",
    uuid: search.uuid ?? "",
    type: search.type ?? "",
    attribute: search.attribute ?? "",
    from: search.fromMs === undefined ? "" : localTime(search.fromMs),
    until: search.untilMs === undefined ? "" : localTime(search.untilMs),
  };
}

/** As a browser's field for date and time has it. */
function localTime(ms: number): string {
  const shifted = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}

export function searchOf(fields: SearchFields): ProvenanceSearch {
  const search: ProvenanceSearch = {};
  const type = EVENT_TYPES.find((each): each is EventType => each === fields.type);
  const from = Date.parse(fields.from);
  const until = Date.parse(fields.until);
  if (fields.component !== "") search.component = fields.component;
  if (fields.uuid.trim() !== "") search.uuid = fields.uuid.trim();
  if (type) search.type = type;
  if (fields.attribute.trim() !== "") search.attribute = fields.attribute.trim();
  if (!Number.isNaN(from)) search.fromMs = from;
  if (!Number.isNaN(until)) search.untilMs = until;
  return search;
}

export interface LineageStep {
  event: ProvenanceEvent;
  /** Since the step before it. */
  sinceMs: number;
  /** The flowfiles that it came of, or that came of it, without itself. */
  from: string[];
  to: string[];
}

/** The way of one flowfile, the oldest event first. */
export function lineageOf(uuid: string, events: readonly ProvenanceEvent[]): LineageStep[] {
  const inOrder = [...events].sort((left, right) => left.number - right.number);
  let last: number | undefined;
  return inOrder.map((event) => {
    const time = Date.parse(event.time);
    const sinceMs = last === undefined ? 0 : Math.max(0, time - last);
    last = time;
    const isOwn = event.uuid === uuid;
    const others = (uuids: readonly string[]) =>
      [...new Set(uuids)].filter((each) => each !== uuid);
    // Events of relatives name it as their parent or child.
    return {
      event,
      sinceMs,
      from: isOwn ? others(event.parents) : event.children.includes(uuid) ? [event.uuid] : [],
      to: isOwn ? others(event.children) : event.parents.includes(uuid) ? [event.uuid] : [],
    };
  });
}

/** A uuid as far as it is needed to tell it apart by eye. */
export const shortUuid = (uuid: string) => uuid.slice(0, 8);

export interface AttributeRow {
  name: string;
  after: string | undefined;
  before: string | undefined;
  isChanged: boolean;
}

/** The attributes after an event, beside those before it, the changed ones first. */
export function attributesOf({ attributes, input }: ProvenanceEvent): AttributeRow[] {
  const before = input?.attributes;
  const names = new Set([...Object.keys(attributes), ...Object.keys(before ?? {})]);
  return [...names]
    .map((name) => {
      const isChanged = before !== undefined && own(before, name) !== attributes[name];
      return { name, after: attributes[name], before: own(before, name), isChanged };
    })
    .sort((left, right) => {
      if (left.isChanged !== right.isChanged) return left.isChanged ? -1 : 1;
      return left.name < right.name ? -1 : 1;
    });
}
