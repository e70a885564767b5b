/** What the server tells by itself, at least once a second and when something changes. */
import type { FlowStatus, FlowsEvent, Operation, Person, WatchEvent } from "./types";

export interface Listener {
  status: (flows: FlowStatus[]) => void;
  operation: (flow: string, operation: Operation) => void;
  applied: (flow: string, appliedRevision: number) => void;
  /** There is another flow, or one less. */
  flows: (told: FlowsEvent) => void;
  /** The history of metrics has a step more. */
  figures: () => void;
  /** Everybody who looks at a flow. */
  presence: (people: readonly Person[]) => void;
  /** Some of it was lost on the way: look anew at all. */
  missed: () => void;
  /** The connection is there again: what was told meanwhile has been missed. */
  connected: () => void;
  lost: () => void;
  /** The server takes no more connections from here, as when one is not signed in. */
  closed: () => void;
}

type KeyOf<Event> = Event extends object ? keyof Event : never;
/** The names of the events. */
type Name = KeyOf<WatchEvent>;
/** What an event of that name says. */
type Told<N extends Name> = Extract<WatchEvent, Record<N, unknown>>[N];

/** How long a page that nobody sees goes on listening. */
const HIDDEN_MS = 2000;

/** Listens until the returned function is called, while the page is seen: a browser has six
 * connections to a server for all its tabs, and a tab that waits for its turn can save nothing.
 * Whoever comes back to it has missed what was told meanwhile, as after a lost connection. */
export function listen(listener: Listener, page: string): () => void {
  let source: EventSource | undefined;
  let hiding: ReturnType<typeof setTimeout> | undefined;
  const close = () => {
    source?.close();
    source = undefined;
  };
  const look = () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(close, HIDDEN_MS);
    else source ??= open(listener, page);
  };
  document.addEventListener("visibilitychange", look);
  if (!document.hidden) source = open(listener, page);
  return () => {
    document.removeEventListener("visibilitychange", look);
    clearTimeout(hiding);
    close();
  };
}

/** The browser connects anew by itself. */
function open(listener: Listener, page: string): EventSource {
  const source = new EventSource(`/api/v1/events?page=${page}`);
  const on = <N extends Name>(name: N, take: (data: Told<N>) => void) => {
    source.addEventListener(name, (event: MessageEvent<string>) => {
      take(JSON.parse(event.data) as Told<N>);
    });
  };
  on("status", ({ flows }) => {
    listener.status(flows as FlowStatus[]);
  });
  on("operation", ({ flow, operation }) => {
    listener.operation(flow, operation as Operation);
  });
  on("applied", ({ flow, appliedRevision }) => {
    listener.applied(flow, appliedRevision);
  });
  on("flows", (told) => {
    listener.flows(told);
  });
  on("figures", () => {
    listener.figures();
  });
  on("presence", ({ people }) => {
    listener.presence(people);
  });
  on("missed", () => {
    listener.missed();
  });
  source.onopen = () => {
    listener.connected();
  };
  source.onerror = () => {
    listener.lost();
    if (source.readyState === EventSource.CLOSED) listener.closed();
  };
  return source;
}
