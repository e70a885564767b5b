/** What waits in a flow that is to go. */
import type { ConnectionStatus, LeftOverQueue } from "../api/types";

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
