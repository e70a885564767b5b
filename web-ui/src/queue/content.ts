/** How contents are looked at: what they are, and bytes in rows. */

export type View = "audio" | "image" | "table" | "json" | "text" | "hex";

/** Types that say nothing: what it is shows by its first bytes, and by the name of the file. */
const UNTOLD = new Set(["", "application/octet-stream"]);

/** The ways to look at a content of that type, the best first. */
export function viewsOf(
  mimeType: string | undefined,
  start: Uint8Array,
  filename?: string,
): View[] {
  const told = (mimeType ?? "").toLowerCase().split(";")[0] ?? "";
  const type = UNTOLD.has(told) ? (imageType(start) ?? typeOfName(filename)) : told;
  const isAudio = type.startsWith("audio/") || type === "application/ogg";
  if (isAudio || (type === "" && isRecording(start))) return ["audio", "hex"];
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
  return ["text", "hex"];
}

/** The type of a picture that a browser shows, by how it begins. */
function imageType(start: Uint8Array): string | undefined {
  if (isAscii(start, 1, "PNG\r\n") && start[0] === 0x89) return "image/png";
  if (start[0] === 0xff && start[1] === 0xd8 && start[2] === 0xff) return "image/jpeg";
  if (isAscii(start, 0, "GIF87a") || isAscii(start, 0, "GIF89a")) return "image/gif";
  if (isAscii(start, 0, "RIFF") && isAscii(start, 8, "WEBP")) return "image/webp";
  return undefined;
}

/** What text is does not show by how it begins. */
function typeOfName(filename = ""): string {
  const end = /\.(\w+)$/.exec(filename.toLowerCase())?.[1] ?? "";
  const types: Readonly<Record<string, string>> = {
    csv: "text/csv",
    tsv: "text/tab-separated-values",
    jsonl: "application/x-ndjson",
    ndjson: "application/x-ndjson",
  };
  return Object.hasOwn(types, end) ? (types[end] ?? "") : "";
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
