/** Names of flows, which are those of their files: the server takes no other. */

const LETTERS_MAX = 128;
/** A name of a file may have so many bytes, with what is put behind it. */
const BYTES_MAX = 200;
/** Endings of a flow's other files. */
const OTHER_FILE = /\.(layout|tests|schema)$/;
const NOT_FIT = /[^\p{Alphabetic}\p{N}_.-]/u;

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** Whether a flow may be called so. */
export function isFlowName(name: string): boolean {
  const isShort = Array.from(name).length <= LETTERS_MAX && bytesOf(name) <= BYTES_MAX;
  const isFit = !NOT_FIT.test(name) && !name.startsWith(".") && !OTHER_FILE.test(name);
  return name !== "" && isShort && isFit;
}

/** What people name things by is shorter than what a name may be; room is left for a number. */
const READ_MAX = 60;
const READ_BYTES_MAX = 180;

/** The name that comes nearest to a text; an empty one where nothing of it can be in a name. */
export function nearestFlowName(text: string): string {
  const fit = text
    // A Mac writes "ü" as two signs, of which the second is no letter.
    .normalize("NFC")
    .replaceAll(/(?!\p{Alphabetic})\p{M}/gu, "")
    .replaceAll(/[^\p{Alphabetic}\p{N}_.]+/gu, "-")
    .replace(/^[.-]+/, "");
  // By letters: half of one would be none.
  const letters = Array.from(fit).slice(0, READ_MAX);
  while (bytesOf(letters.join("")) > READ_BYTES_MAX) letters.pop();
  return letters
    .join("")
    .replace(/[.-]+$/, "")
    .replace(OTHER_FILE, "-$1");
}

/** A name for a flow that no other has. */
export function freeFlowName(wanted: string, taken: readonly string[]): string {
  const isTaken = (name: string) => taken.includes(name);
  if (!isTaken(wanted)) return wanted;
  let number = 2;
  while (isTaken(`${wanted}-${String(number)}`)) number += 1;
  return `${wanted}-${String(number)}`;
}
