/** What differs between two texts, line by line: the shortest way from one to the other. */

export interface DiffLine {
  kind: "same" | "added" | "removed";
  text: string;
  /** Its number in the one and in the other text, from 1 on. */
  before: number | undefined;
  after: number | undefined;
}

/** Lines that were left out, as they are the same in both. */
export interface Gap {
  kind: "gap";
  count: number;
}

/** The most lines that may differ; beyond that all of the middle is another one. */
const DIFFERING_MAX = 600;
/** Lines around what differs. */
const AROUND = 3;

export function linesOf(text: string): string[] {
  return text === "" ? [] : text.replaceAll("\r\n", "\n").split("\n");
}

/** All lines of both texts, in order. */
export function diff(before: string, after: string): DiffLine[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (
    end < old.length - start &&
    end < now.length - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  ) {
    end += 1;
  }
  const lines: DiffLine[] = [];
  const same = (at: number, moved: number) => {
    lines.push({ kind: "same", text: old[at] ?? "", before: at + 1, after: at + moved + 1 });
  };
  for (let at = 0; at < start; at += 1) same(at, 0);
  const middle = [old.slice(start, old.length - end), now.slice(start, now.length - end)] as const;
  for (const step of steps(...middle)) {
    const [at, to] = [start + step.before, start + step.after];
    if (step.kind === "same") same(at, to - at);
    else if (step.kind === "removed") {
      lines.push({ kind: "removed", text: old[at] ?? "", before: at + 1, after: undefined });
    } else lines.push({ kind: "added", text: now[to] ?? "", before: undefined, after: to + 1 });
  }
  for (let at = old.length - end; at < old.length; at += 1) same(at, now.length - old.length);
  return lines;
}

interface Step {
  kind: DiffLine["kind"];
  before: number;
  after: number;
}

/** Myers' way: the furthest that is got to with so many differences, along each diagonal. */
function steps(old: readonly string[], now: readonly string[]): Step[] {
  const most = Math.min(old.length + now.length, DIFFERING_MAX);
  let reached = new Map<number, number>([[1, 0]]);
  const history: Map<number, number>[] = [];
  for (let cost = 0; cost <= most; cost += 1) {
    history.push(reached);
    const next = new Map(reached);
    for (let diagonal = -cost; diagonal <= cost; diagonal += 2) {
      let x = startOn(next, diagonal, cost);
      let y = x - diagonal;
      while (x < old.length && y < now.length && old[x] === now[y]) {
        x += 1;
        y += 1;
      }
      next.set(diagonal, x);
      if (x >= old.length && y >= now.length) return walkBack(history, old.length, now.length);
    }
    reached = next;
  }
  return [
    ...old.map((_, at): Step => ({ kind: "removed", before: at, after: 0 })),
    ...now.map((_, at): Step => ({ kind: "added", before: old.length, after: at })),
  ];
}

/** Whether a diagonal is come to by a line that was added, from the one above. */
function isDown(reached: ReadonlyMap<number, number>, diagonal: number, cost: number): boolean {
  if (diagonal === -cost) return true;
  if (diagonal === cost) return false;
  return (reached.get(diagonal - 1) ?? -1) < (reached.get(diagonal + 1) ?? -1);
}

function startOn(reached: ReadonlyMap<number, number>, diagonal: number, cost: number): number {
  return isDown(reached, diagonal, cost)
    ? (reached.get(diagonal + 1) ?? 0)
    : (reached.get(diagonal - 1) ?? 0) + 1;
}

function walkBack(history: readonly Map<number, number>[], x: number, y: number): Step[] {
  const found: Step[] = [];
  let [before, after] = [x, y];
  for (let cost = history.length - 1; cost >= 0; cost -= 1) {
    const reached = history[cost] ?? new Map<number, number>();
    const diagonal = before - after;
    const down = isDown(reached, diagonal, cost);
    const last = down ? diagonal + 1 : diagonal - 1;
    const fromX = reached.get(last) ?? 0;
    const fromY = fromX - last;
    while (before > fromX && after > fromY) {
      before -= 1;
      after -= 1;
      found.push({ kind: "same", before, after });
    }
    if (cost === 0) break;
    if (down) after -= 1;
    else before -= 1;
    found.push({ kind: down ? "added" : "removed", before, after });
  }
  return found.reverse();
}

/** The same with what is far from any difference left out. */
export function folded(lines: readonly DiffLine[], around = AROUND): (DiffLine | Gap)[] {
  const isNear = lines.map(() => false);
  for (const [at, { kind }] of lines.entries()) {
    if (kind === "same") continue;
    for (let near = Math.max(0, at - around); near <= at + around; near += 1) isNear[near] = true;
  }
  const shown: (DiffLine | Gap)[] = [];
  let count = 0;
  const close = () => {
    if (count > 0) shown.push({ kind: "gap", count });
    count = 0;
  };
  for (const [at, line] of lines.entries()) {
    if (isNear[at] !== true) count += 1;
    else {
      close();
      shown.push(line);
    }
  }
  close();
  return shown;
}

export function countOf(lines: readonly DiffLine[]): { added: number; removed: number } {
  const of = (kind: DiffLine["kind"]) => lines.filter((line) => line.kind === kind).length;
  return { added: of("added"), removed: of("removed") };
}
