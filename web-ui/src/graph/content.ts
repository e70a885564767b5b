/** How contents are looked at: what they are, and bytes in rows. */

export type View = "audio" | "image" | "json" | "text" | "hex";

/** The ways to look at a content of that type, the best first. */
export function viewsOf(mimeType: string | undefined, start: Uint8Array): View[] {
  const type = (mimeType ?? "").toLowerCase().split(";")[0] ?? "";
  if (type.startsWith("audio/") || type === "application/ogg") return ["audio", "hex"];
  if (/^image\/(png|jpeg|gif|webp|avif|bmp)$/.test(type)) return ["image", "hex"];
  const text = textOf(start);
  if (text === undefined) return ["hex"];
  if (/[/+]json$/.test(type) || /^\s*[[{]/.test(text)) return ["json", "text", "hex"];
  return ["text", "hex"];
}

/** The text of bytes in UTF-8; nothing where they are none. A letter may be cut at the end. */
export function textOf(bytes: Uint8Array): string | undefined {
  for (let cut = 0; cut < 4; cut += 1) {
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(
        bytes.subarray(0, Math.max(0, bytes.length - cut)),
      );
      return text.includes("\0") ? undefined : text;
    } catch {
      // One byte less, in case the last letter was cut.
    }
  }
  return undefined;
}

export interface HexRow {
  offset: string;
  bytes: string;
  text: string;
}

export function hexRows(bytes: Uint8Array, rowsMax: number): HexRow[] {
  const rows: HexRow[] = [];
  for (let at = 0; at < bytes.length && rows.length < rowsMax; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    rows.push({
      offset: at.toString(16).padStart(8, "0"),
      bytes: row.map((byte) => byte.toString(16).padStart(2, "0")).join(" "),
      text: row
        .map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·"))
        .join(""),
    });
  }
  return rows;
}

/** JSON with indents; as it is where it is none, as when only its beginning is there. */
export function prettyJson(text: string): { text: string; isWhole: boolean } {
  try {
    return { text: JSON.stringify(JSON.parse(text), null, 2), isWhole: true };
  } catch {
    return { text, isWhole: false };
  }
}
