/** Where a script failed, as messages tell it: `script.py, line 3: NameError: …`. */

export interface ScriptFault {
  /** From 1 on. */
  line: number;
  /** What went wrong, without the place. */
  message: string;
}

const PLACE = /\bscript\.(?:py|js|ts), line (\d+):\s*/;
/** What a message says of the calls that led there begins so. */
const CALL = /^\s*(?:line \d+|… \d+ more calls|caused by |at )/;

/** The fault that a message tells of, with its line; nothing where it names none. */
export function faultIn(message: string): ScriptFault | undefined {
  const found = PLACE.exec(message);
  if (!found) return undefined;
  const rest = message.slice(found.index + found[0].length);
  const [first = "", ...lines] = rest.split("\n");
  const end = lines.findIndex((line) => CALL.test(line));
  const told = [first, ...(end < 0 ? lines : lines.slice(0, end))].join("\n").trim();
  return { line: Number(found[1]), message: told };
}

/** All of them, each line of a script once, in the order of lines. */
export function faultsIn(messages: readonly string[]): ScriptFault[] {
  const byLine = new Map<number, ScriptFault>();
  for (const message of messages) {
    const fault = faultIn(message);
    if (fault && !byLine.has(fault.line)) byLine.set(fault.line, fault);
  }
  return [...byLine.values()].sort((one, other) => one.line - other.line);
}

/** A line that a message's list of calls names: `line 3, in process: …`. */
export function lineOfCall(line: string): number | undefined {
  const found = /^\s*line (\d+)(?:, in [^:]+)?:/.exec(line);
  return found ? Number(found[1]) : undefined;
}
