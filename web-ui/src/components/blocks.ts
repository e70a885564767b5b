/** The Markdown that descriptions and labels use, as a tree; never as HTML. */

export type Inline =
  | { type: "text" | "code" | "strong" | "emphasis"; text: string }
  | { type: "link"; text: string; url: string };

export type Block =
  | { type: "paragraph"; inlines: Inline[] }
  | { type: "heading"; inlines: Inline[] }
  | { type: "list"; items: Inline[][] }
  | { type: "code"; text: string };

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|(?<!\w)[*_]([^*_]+)[*_](?!\w)|\[([^\]]+)\]\(([^)\s]+)\)/g;

export function inlinesOf(text: string): Inline[] {
  const inlines: Inline[] = [];
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > at) inlines.push({ type: "text", text: text.slice(at, found.index) });
    const [whole, code, strong, emphasis, label, url] = found;
    if (code !== undefined) inlines.push({ type: "code", text: code });
    else if (strong !== undefined) inlines.push({ type: "strong", text: strong });
    else if (emphasis !== undefined) inlines.push({ type: "emphasis", text: emphasis });
    else if (label !== undefined) inlines.push({ type: "link", text: label, url: url ?? "" });
    at = found.index + whole.length;
  }
  if (at < text.length) inlines.push({ type: "text", text: text.slice(at) });
  return inlines;
}

export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  for (const part of text.trim().split(/\n\s*\n/)) {
    const lines = part.split("\n");
    const [first = ""] = lines;
    if (part === "") continue;
    if (first.startsWith("```") || lines.every((line) => line.startsWith("    "))) {
      blocks.push({ type: "code", text: part.replaceAll(/^```.*$/gm, "").trim() });
    } else if (/^#{1,4} /.test(first)) {
      blocks.push({ type: "heading", inlines: inlinesOf(first.replace(/^#+ /, "")) });
      const rest = lines.slice(1).join(" ");
      if (rest !== "") blocks.push({ type: "paragraph", inlines: inlinesOf(rest) });
    } else if (/^\s*[-*] /.test(first)) {
      const items = part.split(/\n?^\s*[-*] /m).filter((item) => item.trim() !== "");
      blocks.push({
        type: "list",
        items: items.map((item) => inlinesOf(item.replaceAll(/\s*\n\s*/g, " "))),
      });
    } else {
      blocks.push({ type: "paragraph", inlines: inlinesOf(lines.join(" ")) });
    }
  }
  return blocks;
}

/** Whether a link may be followed: only to the web and to places in this page. */
export function isSafe(url: string): boolean {
  return /^https?:\/\//i.test(url) || url.startsWith("#");
}
