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

export interface Hit<T> {
  page: T;
  /** The words around the place. */
  excerpt: string;
}

interface Searched {
  title: string;
  text: string;
}

const AROUND = 60;

/** Pages with all words that are typed, those with them in their titles first. */
export function searchPages<T extends Searched>(pages: readonly T[], typed: string): Hit<T>[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const scored = pages.flatMap((page) => {
    const title = page.title.toLowerCase();
    const text = page.text.toLowerCase();
    if (!words.every((word) => text.includes(word))) return [];
    const inTitle = words.filter((word) => title.includes(word)).length;
    const whole = title === words.join(" ") ? 100 : 0;
    const often = Math.min(9, text.split(words[0] ?? "").length - 1);
    return [{ page, score: whole + inTitle * 10 + often, excerpt: excerptOf(page.text, words) }];
  });
  return scored
    .sort((left, right) => right.score - left.score)
    .map(({ page, excerpt }) => ({ page, excerpt }));
}

function excerptOf(text: string, words: readonly string[]): string {
  const plain = text
    .replace(/^#.*\n/, "")
    .replaceAll(/[`*|]|\[|\]\([^)]*\)/g, "")
    .replaceAll(/\s+/g, " ");
  const at = Math.max(0, plain.toLowerCase().indexOf(words[0] ?? ""));
  const from = Math.max(0, at - AROUND);
  const part = plain.slice(from, at + AROUND * 2).trim();
  return `${from > 0 ? "… " : ""}${part}${at + AROUND * 2 < plain.length ? " …" : ""}`;
}
