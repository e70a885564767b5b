/** What the server tells by itself, once a second and when something changes. */
import type { FlowStatus, Operation } from "./types";

export interface Listener {
  status: (flows: FlowStatus[]) => void;
  operation: (flow: string, operation: Operation) => void;
  applied: (flow: string, appliedRevision: number) => void;
  /** There is another flow. */
  flows: () => void;
  /** Some of it was lost on the way: look anew at all. */
  missed: () => void;
  /** The connection is there again: what was told meanwhile has been missed. */
  connected: () => void;
  lost: () => void;
  /** The server takes no more connections from here, as when one is not signed in. */
  closed: () => void;
}

interface Told {
  status: { flows: FlowStatus[] };
  operation: { flow: string; operation: Operation };
  applied: { flow: string; appliedRevision: number };
  missed: object;
  flows: { added: string };
}

/** Listens until the returned function is called. The browser connects anew by itself. */
export function listen(listener: Listener): () => void {
  const source = new EventSource("/api/v1/events");
  const on = <Name extends keyof Told>(name: Name, take: (data: Told[Name]) => void) => {
    source.addEventListener(name, (event: MessageEvent<string>) => {
      take(JSON.parse(event.data) as Told[Name]);
    });
  };
  on("status", ({ flows }) => {
    listener.status(flows);
  });
  on("operation", ({ flow, operation }) => {
    listener.operation(flow, operation);
  });
  on("applied", ({ flow, appliedRevision }) => {
    listener.applied(flow, appliedRevision);
  });
  on("flows", () => {
    listener.flows();
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
