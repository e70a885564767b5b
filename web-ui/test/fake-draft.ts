// A draft on a server that is made up: tests say when it answers, and what.
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

interface Done {
  revision: number;
  label: string;
  /** What takes it back. */
  changes: Change[];
}

export class FakeServer implements DraftApi {
  documents: Documents = { flow: {}, layout: {} };
  revision = 1;
  /** What it took, in its order. */
  readonly labels: string[] = [];
  /** What is thrown instead of the next answers. */
  readonly failures: Error[] = [];
  /** What is wrong with its log. */
  damage: string[] = [];
  /** Whoever asks waits for it. */
  gate: Promise<void> = Promise.resolve();
  private done: Done[] = [];
  private undone: Done[] = [];

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
      damage: this.damage,
      ...this.steps,
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

  undo = (_flow: string, expected: number): Promise<Accepted> =>
    this.answer(() => this.takeBack("undo", this.done, this.undone, expected));

  redo = (_flow: string, expected: number): Promise<Accepted> =>
    this.answer(() => this.takeBack("redo", this.undone, this.done, expected));

  private takeBack(kind: "undo" | "redo", from: Done[], to: Done[], expected: number): Accepted {
    const newest = from.at(-1);
    if (newest?.revision !== expected) throw problem(409, { code: "newest" });
    from.pop();
    const back = this.backOf(newest.changes);
    const { operation } = this.take(kind, newest.label, newest.changes);
    to.push({ revision: this.revision, label: newest.label, changes: back });
    return { revision: this.revision, operation, ...this.steps };
  }

  /** Also what somebody else of the same name does. */
  take(kind: Operation["kind"], label: string, changes: Change[]): Accepted {
    this.revision += 1;
    this.labels.push(kind === "edit" ? label : `${kind} ${label}`);
    const { revision } = this;
    if (kind === "edit") {
      this.done.push({ revision, label, changes: this.backOf(changes) });
      this.undone = [];
    }
    this.documents = apply(this.documents, changes);
    const operation = { revision, author: "local", timeMs: 0, label, kind, changes };
    return { revision, operation, ...this.steps };
  }

  private backOf(changes: readonly Change[]): Change[] {
    return changes.map(({ document, path }) => {
      const before = valueAt(this.documents[document], path);
      return { document, path, ...(before === undefined ? {} : { after: before }) };
    });
  }

  private get steps(): Pick<Accepted, "undo" | "redo"> {
    return { undo: this.done.at(-1) ?? null, redo: this.undone.at(-1) ?? null };
  }
}

/** A draft, and what it showed and told. */
export class Watched {
  readonly server = new FakeServer();
  shown: DraftState = NO_DRAFT;
  readonly refused: Refusal[] = [];
  readonly damage: (readonly string[])[] = [];
  readonly sync = new DraftSync("a", this.server, {
    show: (state) => (this.shown = state),
    refused: (refusal) => this.refused.push(refusal),
    damaged: (damage) => this.damage.push(damage),
  });
}
