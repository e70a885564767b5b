/** How contents are looked at: what they are, and bytes in rows. */

export type View = "audio" | "image" | "table" | "json" | "text" | "hex";

/** What nobody has told the type of. */
const UNKNOWN = new Set(["", "application/octet-stream", "binary/octet-stream"]);
const ROWS = { ".csv": "text/csv", ".tsv": "text/tab-separated-values" } as const;
const LINES = [".ndjson", ".jsonl"];

/** The ways to look at a content of that type, the best first. Where nobody told the type, its first
 * bytes do, and its name where they could be several things. */
export function viewsOf(
  mimeType: string | undefined,
  start: Uint8Array,
  filename: string | null = null,
): View[] {
  const told = (mimeType ?? "").toLowerCase().split(";")[0]?.trim() ?? "";
  const isUnknown = UNKNOWN.has(told);
  const type = isUnknown ? typeOf(start, filename) : told;
  if (type.startsWith("audio/") || type === "application/ogg") return ["audio", "hex"];
  if (/^image\/(png|jpeg|gif|webp|avif|bmp)$/.test(type)) return ["image", "hex"];
  const isColumnar =
    /^application\/vnd\.apache\.(arrow\.(file|stream)|parquet)$/.test(type) ||
    isAscii(start, 0, "ARROW1") ||
    isAscii(start, 0, "PAR1");
  if (isColumnar) return ["table", "hex"];
  const text = textOf(start);
  if (text === undefined) return ["hex"];
  if (/(ndjson|jsonl|json-?lines)$/.test(type)) return ["table", "text", "hex"];
  if (/[/+]json$/.test(type) || /^\s*[[{]/.test(text)) {
    return /^\s*\[/.test(text) ? ["json", "table", "text", "hex"] : ["json", "text", "hex"];
  }
  if (/^text\/(csv|tab-separated-values)$/.test(type)) return ["table", "text", "hex"];
  return isUnknown && hasRows(text) ? ["text", "table", "hex"] : ["text", "hex"];
}

/** The media type of what nobody told it of; an empty text where that cannot be known. */
function typeOf(start: Uint8Array, filename: string | null): string {
  if (isRecording(start)) return "audio/*";
  const image = imageOf(start);
  if (image !== undefined) return image;
  // As the messages of Arrow begin; no text does.
  if (start.length >= 4 && start.subarray(0, 4).every((byte) => byte === 0xff)) {
    return "application/vnd.apache.arrow.stream";
  }
  const name = (filename ?? "").toLowerCase();
  const row = Object.entries(ROWS).find(([ending]) => name.endsWith(ending));
  if (row) return row[1];
  return LINES.some((ending) => name.endsWith(ending)) ? "application/x-ndjson" : "";
}

/** The type of a picture that browsers show, by its first bytes. */
function imageOf(start: Uint8Array): string | undefined {
  if (start[0] === 0x89 && isAscii(start, 1, "PNG\r\n\x1a\n")) return "image/png";
  if (start[0] === 0xff && start[1] === 0xd8 && start[2] === 0xff) return "image/jpeg";
  if (isAscii(start, 0, "GIF87a") || isAscii(start, 0, "GIF89a")) return "image/gif";
  if (isAscii(start, 0, "RIFF") && isAscii(start, 8, "WEBP")) return "image/webp";
  if (isAscii(start, 4, "ftypavif")) return "image/avif";
  // Two letters could begin a text; four zeros behind the size do not.
  return isAscii(start, 0, "BM") && isAscii(start, 6, "\0\0\0\0") ? "image/bmp" : undefined;
}

const ROWS_LOOKED_AT = 50;

/** Whether all lines have as many cells, more than one: it may be a table. The last may be cut. */
function hasRows(text: string): boolean {
  const lines = text.split(/\r?\n/, ROWS_LOOKED_AT + 1).slice(0, -1);
  return [",", ";", "\t", "|"].some((delimiter) => {
    const [first = 1, ...others] = lines.map((line) => line.split(delimiter).length);
    return first > 1 && others.length > 0 && others.every((cells) => cells === first);
  });
}

function isAscii(bytes: Uint8Array, at: number, text: string): boolean {
  return Array.from(text).every((letter, index) => bytes[at + index] === letter.charCodeAt(0));
}

/** Whether bytes begin as recordings do, for what nobody has told the type of. */
export function isRecording(start: Uint8Array): boolean {
  const begins = ["fLaC", "OggS", "ID3", "caff"].some((each) => isAscii(start, 0, each));
  const isWave = isAscii(start, 0, "RIFF") && isAscii(start, 8, "WAVE");
  const isAiff = isAscii(start, 0, "FORM") && isAscii(start, 8, "AIF");
  const isM4a = isAscii(start, 4, "ftypM4A");
  const [first = 0, second = 0] = start;
  const isMp3 = first === 0xff && (second & 0xe6) === 0xe2;
  return begins || isWave || isAiff || isM4a || isMp3;
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
