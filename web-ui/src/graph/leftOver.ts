/** What waits in a flow that is to go, and for processors that are to stop. */
import type { ConnectionStatus, LeftOverQueue, Plan, WaitingQueue } from "../api/types";

type Queue = Pick<ConnectionStatus, "path" | "queued">;

/** Where most waits first: as the flow tells while it runs, or else as the server has refused. */
export function leftOverIn(
  connections: readonly Queue[] | undefined,
  refused: readonly LeftOverQueue[],
): LeftOverQueue[] {
  const told = (connections ?? []).flatMap(({ path, queued }) =>
    queued > 0 ? [{ path, flowfiles: queued }] : [],
  );
  const waiting = told.length > 0 ? told : [...refused];
  return waiting.sort((a, b) => b.flowfiles - a.flowfiles || (a.path < b.path ? -1 : 1));
}

/** What waits in connections that a plan takes away. While the draft has errors the server does not
 * look; then it is what the flow tells while it runs. */
export function leftOverOf(
  { changes, preview }: Pick<Plan, "changes" | "preview">,
  queuedIn: (path: string) => number | undefined,
): readonly LeftOverQueue[] {
  if (preview) return preview.leftOver;
  return changes.flatMap(({ change, element }) => {
    if (change !== "removed" || element?.kind !== "connection") return [];
    const flowfiles = queuedIn(element.path) ?? 0;
    return flowfiles > 0 ? [{ path: element.path, flowfiles }] : [];
  });
}

/** What waits for a processor in all that leads to it; nothing where nothing does. */
export function waitingFor(
  queues: readonly WaitingQueue[],
  processor: string,
): { flowfiles: number; bytes: number } | undefined {
  const own = queues.filter(({ to, flowfiles }) => to === processor && flowfiles > 0);
  if (own.length === 0) return undefined;
  const sum = { flowfiles: 0, bytes: 0 };
  for (const { flowfiles, bytes } of own) {
    sum.flowfiles += flowfiles;
    sum.bytes += bytes;
  }
  return sum;
}
