/** How the flow runs. Numbers go straight into the elements that show them, past React: a thousand
 * counters in less than a second are no reason to render. */
import { create } from "zustand";
import type {
  Bulletin,
  ConnectionStatus,
  FlowStatus,
  ProcessorStatus,
  RunState,
  ServiceStatus,
} from "../api/types";

export interface ProcessorLive {
  status: ProcessorStatus;
  /** Flowfiles a second, in and out. */
  inRate: number;
  outRate: number;
}

export interface ConnectionLive {
  status: ConnectionStatus;
  inRate: number;
  outRate: number;
}

type Show<T> = (live: T | undefined) => void;

/** Who shows what of which path. */
class Watchers<T> {
  readonly latest = new Map<string, T>();
  private readonly shows = new Map<string, Set<Show<T>>>();

  watch(path: string, show: Show<T>): () => void {
    const shows = this.shows.get(path) ?? new Set();
    this.shows.set(path, shows);
    shows.add(show);
    show(this.latest.get(path));
    return () => {
      shows.delete(show);
      if (shows.size === 0) this.shows.delete(path);
    };
  }

  replace(next: Map<string, T>): void {
    this.latest.clear();
    for (const [path, live] of next) this.latest.set(path, live);
    for (const [path, shows] of this.shows) {
      for (const show of shows) show(next.get(path));
    }
  }
}

export const processors = new Watchers<ProcessorLive>();
export const connections = new Watchers<ConnectionLive>();

export interface LiveState {
  isConnected: boolean;
  state: RunState | undefined;
  queued: number;
  health: string | null;
  bulletins: Bulletin[];
  services: ServiceStatus[];
  /** Counts the statuses, for what is drawn anew with each. */
  beat: number;
  queuedBytes: number;
  entered: number;
  ended: number;
  running: number;
  stopped: number;
  faulty: number;
}

export const useLive = create<LiveState>(() => ({
  // Nobody is told that it is lost before it was tried.
  isConnected: true,
  state: undefined,
  queued: 0,
  health: null,
  bulletins: [],
  services: [],
  beat: 0,
  queuedBytes: 0,
  entered: 0,
  ended: 0,
  running: 0,
  stopped: 0,
  faulty: 0,
}));

let before: { time: number; flow: string } | undefined;

/** Takes a status of the open flow. */
export function takeStatus(status: FlowStatus, now: number): void {
  const isSameFlow = before?.flow === status.name;
  const seconds = isSameFlow && before ? Math.max((now - before.time) / 1000, 0.05) : 0;
  before = { time: now, flow: status.name };
  const rate = (count: number, last: number | undefined) =>
    seconds > 0 && last !== undefined ? Math.max(0, (count - last) / seconds) : 0;
  processors.replace(
    new Map(
      status.processors.map((each) => {
        const last = isSameFlow ? processors.latest.get(each.path)?.status.totals : undefined;
        const inRate = rate(each.totals.flowfilesIn, last?.flowfilesIn);
        const outRate = rate(each.totals.flowfilesOut, last?.flowfilesOut);
        return [each.path, { status: each, inRate, outRate }];
      }),
    ),
  );
  connections.replace(
    new Map(
      status.connections.map((each) => {
        const last = isSameFlow ? connections.latest.get(each.path)?.status : undefined;
        const inRate = rate(each.flowfilesIn, last?.flowfilesIn);
        const outRate = rate(each.flowfilesOut, last?.flowfilesOut);
        return [each.path, { status: each, inRate, outRate }];
      }),
    ),
  );
  const withState = (...states: RunState[]) =>
    status.processors.filter((each) => states.includes(each.state)).length;
  const old = useLive.getState();
  useLive.setState({
    state: status.state,
    queued: status.queued,
    queuedBytes: status.connections.reduce((sum, each) => sum + each.queuedBytes, 0),
    entered: status.entered,
    ended: status.ended,
    running: withState("running", "starting"),
    stopped: withState("stopped", "stopping"),
    faulty: withState("startFailed"),
    health: status.health,
    bulletins: kept(old.bulletins, status.bulletins, "timeMs", "count", "message"),
    services: kept(old.services, status.services, "path", "state", "enableFailure"),
    beat: old.beat + 1,
  });
}

/** The list of before where each of its members is the same in that of now, so that what shows it
 * is not drawn anew. */
function kept<T>(before: T[], now: T[], ...members: (keyof T)[]): T[] {
  const isSame =
    before.length === now.length &&
    before.every((each, index) => members.every((member) => each[member] === now[index]?.[member]));
  return isSame ? before : now;
}

/** Forgets what was told of another flow. */
export function forgetStatus(): void {
  before = undefined;
  processors.replace(new Map());
  connections.replace(new Map());
  useLive.setState({ ...useLive.getInitialState(), isConnected: useLive.getState().isConnected });
}

/** The connections of the flow that runs, by their paths, as the last status told. */
export function useConnectionPaths(): string[] {
  useLive((state) => state.beat);
  return [...connections.latest.keys()];
}

/** Milliseconds until a queue is full at the present rates; nothing when it does not fill. */
export function timeToFull(live: ConnectionLive, countMax: number): number | undefined {
  const growth = live.inRate - live.outRate;
  const room = countMax - live.status.queued;
  if (countMax <= 0 || growth <= 0.01 || room <= 0) return undefined;
  return (room / growth) * 1000;
}
