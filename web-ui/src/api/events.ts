/** What the server tells by itself, once a second and when something changes. */
import type { FlowStatus, FlowsEvent, Operation, WatchEvent } from "./types";

export interface Listener {
  status: (flows: FlowStatus[]) => void;
  operation: (flow: string, operation: Operation) => void;
  applied: (flow: string, appliedRevision: number) => void;
  /** There is another flow, or one less. */
  flows: (told: FlowsEvent) => void;
  /** The history of metrics has a step more. */
  figures: () => void;
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

/** Listens until the returned function is called. The browser connects anew by itself. */
export function listen(listener: Listener): () => void {
  const source = new EventSource("/api/v1/events");
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
  return () => {
    source.close();
  };
}
