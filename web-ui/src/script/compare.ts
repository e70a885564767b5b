/** What differs between attributes, and between what two runs gave. */
import type { TrialReport, TrialResult } from "../api/types";
import { prettyJson } from "../queue/content";
import { diff, type DiffLine } from "./diff";

type Attributes = Readonly<Record<string, string>>;

export interface AttributeChange {
  name: string;
  kind: "added" | "changed" | "removed" | "same";
  before: string | undefined;
  after: string | undefined;
}

const ORDER = { added: 0, changed: 1, removed: 2, same: 3 } as const;

/** All attributes of both: what is new or other first. */
export function compareAttributes(before: Attributes, after: Attributes): AttributeChange[] {
  const value = (of: Attributes, name: string) => (Object.hasOwn(of, name) ? of[name] : undefined);
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((name): AttributeChange => {
      const [old, now] = [value(before, name), value(after, name)];
      const kind =
        old === undefined
          ? "added"
          : now === undefined
            ? "removed"
            : old === now
              ? "same"
              : "changed";
      return { name, kind, before: old, after: now };
    })
    .sort((one, other) => ORDER[one.kind] - ORDER[other.kind] || (one.name < other.name ? -1 : 1));
}

/** A content as it is shown: JSON with indents. */
export function shownContent({ text, isWhole }: TrialResult): string | undefined {
  if (text === null) return undefined;
  return isWhole && /^\s*[[{]/.test(text) ? prettyJson(text).text : text;
}

/** What became of one flowfile that was sent, from one run to the next. */
export interface ResultChange {
  /** Neither where the other run sent fewer. */
  before: TrialResult | undefined;
  after: TrialResult | undefined;
  attributes: AttributeChange[];
  /** Its lines; nothing where one of them is no text. */
  content: DiffLine[] | undefined;
  isSame: boolean;
}

/** Attributes that are other ones each time, whatever the script does. */
const OF_CHANCE = new Set(["uuid"]);

function withoutChance(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !OF_CHANCE.has(name)));
}

/** The flowfiles of both runs, the first with the first and so on. */
export function compareRuns(
  before: Pick<TrialReport, "sent">,
  after: Pick<TrialReport, "sent">,
): ResultChange[] {
  const length = Math.max(before.sent.length, after.sent.length);
  return Array.from({ length }, (_, at) => compareResults(before.sent[at], after.sent[at]));
}

function compareResults(
  before: TrialResult | undefined,
  after: TrialResult | undefined,
): ResultChange {
  const attributes = compareAttributes(
    withoutChance(before?.attributes ?? {}),
    withoutChance(after?.attributes ?? {}),
  ).filter(({ kind }) => kind !== "same");
  const [old, now] = [contentOf(before), contentOf(after)];
  const content = old === undefined || now === undefined ? undefined : diff(old, now);
  const isContentSame =
    content === undefined
      ? before?.bytes === after?.bytes
      : content.every(({ kind }) => kind === "same");
  const isThere = before !== undefined && after !== undefined;
  const isWay = before?.relationship === after?.relationship;
  const isSame = isThere && isWay && attributes.length === 0 && isContentSame;
  return { before, after, attributes, content, isSame };
}

const contentOf = (of: TrialResult | undefined) => (of ? shownContent(of) : "");
