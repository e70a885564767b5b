/** Finds the newest flowfiles of a queue, of which pages are had from the oldest on. */
import type { QueuedFlowfile } from "../api/types";

export interface Page {
  count: number;
  flowfiles: readonly QueuedFlowfile[];
  /** Where the next page begins; none when this is the last. */
  next?: number | null;
}

/** How often the queue is asked at most; then the newest that were seen must do. */
const ASKED_MAX = 40;

/** The newest first, `want` of them or all. `page` gives those behind a number, `want` at most:
 * later ones have greater numbers, not all of which are in use. */
export async function newestOf(
  page: (after: number, limit: number) => Promise<Page>,
  want: number,
): Promise<QueuedFlowfile[]> {
  const first = await page(0, want);
  const isLast = ({ next }: Page) => next === null || next === undefined;
  let best = first.flowfiles;
  if (isLast(first)) return [...best].reverse();
  // More than wanted lie behind `low`, no more behind `high`. Without gaps the first try is it.
  let low = 0;
  let high: number | undefined;
  let after = (first.flowfiles[0]?.number ?? 1) + first.count - want - 1;
  let step = want;
  for (let asked = 1; asked < ASKED_MAX; asked += 1) {
    const tried = await page(after, want);
    if (isLast(tried)) {
      if (tried.flowfiles.length >= want) return [...tried.flowfiles].reverse();
      if (tried.flowfiles.length > 0) best = tried.flowfiles;
      high = after;
    } else {
      if (high === undefined) best = tried.flowfiles;
      low = Math.max(low, after);
    }
    if (high !== undefined && high - low <= 1) break;
    if (high === undefined) {
      after = low + step;
      step *= 2;
    } else after = low + Math.floor((high - low) / 2);
  }
  return [...best].reverse();
}
