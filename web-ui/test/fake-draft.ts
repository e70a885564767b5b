/** A draft on a server that is made up: tests say when it answers, and what. */
import { ProblemError } from "../src/api/client";
import type { Accepted, Change, Draft, Json, Operation, Problem } from "../src/api/types";
import { apply, valueAt, type Documents } from "../src/graph/changes";
import { NO_DRAFT, type DraftState } from "../src/state/draft";
import { DraftSync, type DraftApi, type Refusal } from "../src/state/sync";

export function problem(status: number, more: Partial<Problem> = {}): ProblemError {
  return new ProblemError({ title: "refused", status, ...more });
}

export function set(path: string, after: Json): Change[] {
  return [{ document: "flow", path: [path], after }];
}

export class FakeServer implements DraftApi {
  documents: Documents = { flow: {}, layout: {} };
  revision = 1;
  /** What it took, in its order. */
  readonly labels: string[] = [];
  /** What is thrown instead of the next answers. */
  readonly failures: Error[] = [];
  /** Whoever asks waits for it. */
  gate: Promise<void> = Promise.resolve();
  private done: { revision: number; label: string }[] = [];

  /** Answers nothing until the returned function is called. */
  hold(): () => void {
    let open: () => void = () => undefined;
    this.gate = new Promise((resolve) => (open = resolve));
    return open;
  }

  private async answer<T>(made: () => T): Promise<T> {
    await this.gate;
    const failure = this.failures.shift();
    if (failure) throw failure;
    return made();
  }

  draft = (flow: string): Promise<Draft> =>
    this.answer(() => ({
      ...this.documents,
      ...{ name: flow, revision: this.revision, appliedRevision: null },
      ...{ isAhead: true, isRunning: true, findings: [], parametersError: null },
      ...{ undo: this.done.at(-1) ?? null, redo: null },
    }));

  operate = (_flow: string, label: string, changes: Change[]): Promise<Accepted> =>
    this.answer(() => {
      const conflicts = changes.flatMap((change) => {
        const found = valueAt(this.documents[change.document], change.path);
        return found === change.before || found === undefined ? [] : [{ ...change, found }];
      });
      if (conflicts.length > 0) throw problem(409, { code: "conflict", conflicts });
      return this.take("edit", label, changes);
    });

  undo = (): Promise<Accepted> =>
    this.answer(() => this.take("undo", this.labels.at(-1) ?? "", []));
  redo = (): Promise<Accepted> =>
    this.answer(() => this.take("redo", this.labels.at(-1) ?? "", []));

  /** Also what somebody else does. */
  take(kind: Operation["kind"], label: string, changes: Change[]): Accepted {
    this.revision += 1;
    this.labels.push(label);
    this.documents = apply(this.documents, changes);
    const { revision } = this;
    const operation = { revision, author: "local", timeMs: 0, label, kind, changes };
    if (kind === "edit") this.done.push({ revision, label });
    if (kind === "undo") this.done.pop();
    return { revision, operation, undo: this.done.at(-1) ?? null, redo: null };
  }
}

/** A draft, and what it showed and told. */
export class Watched {
  readonly server = new FakeServer();
  shown: DraftState = NO_DRAFT;
  readonly refused: Refusal[] = [];
  readonly sync = new DraftSync("a", this.server, {
    show: (state) => (this.shown = state),
    refused: (refusal) => this.refused.push(refusal),
  });
}
