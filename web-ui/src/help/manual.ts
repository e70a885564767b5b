/** Links and search of the manual. */
import { helpHash } from "../state/route";

/**
 * Where a link leads that stands in a document of the manual: to another one, to somewhere else,
 * or to a place of the repository that the manual does not have.
 */
export function helpLink(
  from: string,
  to: string,
  has: (path: string) => boolean,
): { inside: string } | { outside: string } | undefined {
  if (/^https?:\/\//.test(to)) return { outside: to };
  const [file = "", anchor] = to.split("#", 2);
  if (/^[a-z][a-z+.-]*:/i.test(to)) return undefined;
  const way = file === "" ? from.split("/") : [...from.split("/").slice(0, -1), ...file.split("/")];
  const path: string[] = [];
  for (const part of way) {
    if (part === "..") {
      if (path.pop() === undefined) return undefined;
    } else if (part !== "." && part !== "") path.push(part);
  }
  const page = path.join("/").replace(/\.md$/, "");
  if (!has(page)) return undefined;
  return { inside: helpHash(page, anchor) };
}

/** The name by which GitHub, and so the documents, link to a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");
}

/** A part of a text, as it is shown. */
export interface Part {
  text: string;
  isHit: boolean;
}

export interface Hit<T> {
  page: T;
  /** The heading that it stands under, and where that is; nothing at the top of the page. */
  heading: string | undefined;
  anchor: string | undefined;
  /** The words around the place. */
  excerpt: Part[];
}

interface Searched {
  title: string;
  text: string;
}

interface Section {
  heading: string | undefined;
  text: string;
}

const AROUND = 60;

/** Pages with all words that are typed, those with them in their titles first. */
export function searchPages<T extends Searched>(
  pages: readonly T[],
  typed: string,
  most = Infinity,
): Hit<T>[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const scored = pages.flatMap((page) => {
    const title = page.title.toLowerCase();
    const text = page.text.toLowerCase();
    if (!words.every((word) => text.includes(word))) return [];
    const inTitle = words.filter((word) => title.includes(word)).length;
    const whole = title === words.join(" ") ? 100 : 0;
    const often = Math.min(9, text.split(words[0] ?? "").length - 1);
    return [{ page, score: whole + inTitle * 10 + often }];
  });
  return scored
    .sort((left, right) => right.score - left.score)
    .slice(0, most)
    .map(({ page }) => hitOf(page, words));
}

function hitOf<T extends Searched>(page: T, words: readonly string[]): Hit<T> {
  const wordsIn = ({ heading = "", text }: Section) => {
    const all = `${heading}\n${text}`.toLowerCase();
    return words.filter((word) => all.includes(word)).length;
  };
  const best = sectionsOf(page.text).reduce((one, other) =>
    wordsIn(other) > wordsIn(one) ? other : one,
  );
  const { heading } = best;
  const anchor = heading === undefined ? undefined : anchorOf(heading);
  return { page, heading, anchor, excerpt: excerptOf(best.text, words) };
}

/** A document's parts, each below its heading; the first is what stands below its title. */
function sectionsOf(document: string): [Section, ...Section[]] {
  const sections: [Section, ...Section[]] = [{ heading: undefined, text: "" }];
  let isCode = false;
  for (const line of document.split("\n")) {
    if (/^\s*```/.test(line)) isCode = !isCode;
    const [, level, heading] = (isCode ? null : /^(#{1,4}) (.+)$/.exec(line)) ?? [];
    if (heading === undefined) {
      const last = sections.at(-1);
      if (last) last.text += `${plainLine(line)}\n`;
    } else if (level !== "#") sections.push({ heading: plainLine(heading), text: "" });
  }
  return sections;
}

/** A line of Markdown as it is read: without signs, the cells of a table apart. */
function plainLine(line: string): string {
  // What is between the head of a table and its rows; the fence of code.
  if (/^\s*\|[\s|:-]*$/.test(line) || /^\s*```/.test(line)) return "";
  const isRow = /^\s*\|/.test(line);
  const cells = isRow ? line.split(/(?<!\\)\|/).map((each) => each.trim()) : [line];
  const read = cells.filter((each) => each !== "").join(" · ");
  return (isRow ? `${read} ·` : read.replace(/^\s*[-*] /, "· "))
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/`|\*\*/g, "")
    .replaceAll(/(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])/g, "");
}

/** What is around the first of the words, from one space to another. */
function excerptOf(text: string, words: readonly string[]): Part[] {
  const plain = text.replaceAll(/\s+/g, " ").replaceAll(/^[ ·]+|[ ·]+$/g, "");
  const lower = plain.toLowerCase();
  const places = words.map((word) => lower.indexOf(word)).filter((at) => at >= 0);
  const at = Math.min(...places, plain.length);
  const isFound = places.length > 0;
  const first = isFound ? Math.max(0, at - AROUND) : 0;
  const from = first === 0 ? 0 : plain.indexOf(" ", first) + 1;
  const last = first + AROUND * 3;
  const cut = plain.lastIndexOf(" ", last);
  const to = last >= plain.length ? plain.length : cut > at ? cut : last;
  const shown = plain.slice(from, to);
  const parts = marked(shown, words);
  if (from > 0) parts.unshift({ text: "… ", isHit: false });
  if (to < plain.length) parts.push({ text: " …", isHit: false });
  return parts;
}

function marked(text: string, words: readonly string[]): Part[] {
  const signs = words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  // The longest first, so that it is marked as a whole.
  const pattern = new RegExp(
    `(${signs.sort((one, two) => two.length - one.length).join("|")})`,
    "gi",
  );
  return text
    .split(pattern)
    .map((part, index) => ({ text: part, isHit: index % 2 === 1 }))
    .filter((part) => part.text !== "");
}
