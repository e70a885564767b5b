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
    until: search.untilMs === undefined ? "" : localEnd(search.untilMs),
  };
}

const two = (value: number) => String(value).padStart(2, "0");

/** A time of this browser's zone, as it is written into a field: `2026-11-28 13:05`. */
export function localTime(ms: number): string {
  const at = new Date(ms);
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  const seconds = at.getSeconds() === 0 ? "" : `:${two(at.getSeconds())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}${seconds}`;
}

const MINUTE_MS = 60_000;

/** The same of a last moment: what is not written is all of it, so that only a whole minute has no
 * seconds. */
function localEnd(ms: number): string {
  const isWhole = (ms + 1) % MINUTE_MS === 0;
  const text = localTime(ms);
  if (isWhole) return text.slice(0, "2026-11-28 13:05".length);
  return new Date(ms).getSeconds() === 0 ? `${text}:00` : text;
}

const TIME = /^(\d{4})-(\d\d?)-(\d\d?)(?:[ T]+(\d\d?):(\d\d)(?::(\d\d))?)?$/;

/** The last hour, minute and second. */
const LAST = [23, 59, 59];

/** The milliseconds of a time of this browser's zone. What it does not say is the first, or with
 * `isEnd` the last: a day, a minute or a second as a whole. Nothing where the text is no time. */
export function timeOf(text: string, isEnd = false): number | undefined {
  const found = TIME.exec(text.trim());
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0] = found.slice(1, 4).map(Number);
  const [hour = 0, minute = 0, second = 0] = found
    .slice(4)
    .map((part: string | undefined, index) => Number(part ?? (isEnd ? LAST[index] : 0)));
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const at = new Date(year, month - 1, day, hour, minute, second, isEnd ? 999 : 0);
  // A 30th of February would be in March.
  return at.getMonth() === month - 1 && at.getDate() === day ? at.getTime() : undefined;
}

/** What is wrong with the times of a search, by the field that it stands under. */
export function timeFaults({ from, until }: SearchFields): {
  from?: "timeWrong";
  until?: "timeWrong" | "timeOrder";
} {
  const isWrong = (text: string) => text.trim() !== "" && timeOf(text) === undefined;
  const [begin, end] = [timeOf(from), timeOf(until, true)];
  const isTurned = begin !== undefined && end !== undefined && end < begin;
  return {
    ...(isWrong(from) ? { from: "timeWrong" } : {}),
    ...(isWrong(until) ? { until: "timeWrong" } : isTurned ? { until: "timeOrder" } : {}),
  };
}

/** Quick choices: since when. */
export const SINCE = [
  { label: "sinceMinutes", of: (now: number) => now - 5 * 60_000 },
  { label: "sinceHour", of: (now: number) => now - 3_600_000 },
  { label: "sinceToday", of: (now: number) => new Date(now).setHours(0, 0, 0, 0) },
] as const;

export function searchOf(fields: SearchFields): ProvenanceSearch {
  const search: ProvenanceSearch = {};
  const type = EVENT_TYPES.find((each): each is EventType => each === fields.type);
  const from = timeOf(fields.from);
  const until = timeOf(fields.until, true);
  if (fields.component !== "") search.component = fields.component;
  if (fields.uuid.trim() !== "") search.uuid = fields.uuid.trim();
  if (type) search.type = type;
  if (fields.attribute.trim() !== "") search.attribute = fields.attribute.trim();
  if (from !== undefined) search.fromMs = from;
  if (until !== undefined) search.untilMs = until;
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
