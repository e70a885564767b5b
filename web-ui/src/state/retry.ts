/** Asks again what may go well later: ever more rarely, or when the server has said. */
import type { Problem } from "../api/types";

const FIRST_MS = 500;
const MOST_MS = 30_000;
/** What a server says is not waited for longer than that. */
const SAID_MOST_MS = 3_600_000;

/** Nobody answers, it took too long, it was too much at a time, or the server is busy. */
const PASSING: readonly number[] = [0, 408, 429, 502, 503, 504];

export function mayPass({ status }: Problem): boolean {
  return PASSING.includes(status);
}

export class Retry {
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private again: (() => void) | undefined;
  private isSaid = false;

  /** Calls `again` when it is time; only the last that was handed over is called. */
  later({ retryAfterMs }: Problem, again: () => void): void {
    this.stop();
    const most = Math.min(MOST_MS, FIRST_MS * 2 ** this.failures);
    this.failures += 1;
    this.again = again;
    this.isSaid = retryAfterMs !== undefined;
    // Between half of it and all: many pages that lost one server do not come back at once.
    const own = most * (0.5 + Math.random() / 2);
    const wait = retryAfterMs === undefined ? own : Math.min(SAID_MOST_MS, retryAfterMs);
    this.timer = setTimeout(() => {
      this.call();
    }, wait);
  }

  /** The server is there again; what it said about when to come still holds. */
  now(): void {
    this.failures = 0;
    if (!this.isSaid) this.call();
  }

  /** It went well. */
  done(): void {
    this.stop();
    this.failures = 0;
  }

  /** Nobody wants to know any more. */
  stop(): void {
    clearTimeout(this.timer);
    this.again = undefined;
  }

  private call(): void {
    const { again } = this;
    this.stop();
    again?.();
  }
}
