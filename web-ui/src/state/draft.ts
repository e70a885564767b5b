/** The draft of the open flow as it is shown: what the server confirmed, and on top of it what was
 * done here and not confirmed yet. */
import { create } from "zustand";
import type { Change, Conflict, Draft, Operation } from "../api/types";
import { api, problemIn } from "../api/client";
import type { Problem } from "../api/types";
import { apply, isSame, valueAt, type Documents } from "../graph/changes";
import { signedIn } from "./user";
import { indexFindings, type FindingIndex } from "../graph/findings";

const NO_FINDINGS: FindingIndex = { all: [], byPath: new Map() };
const EMPTY: Documents = { flow: {}, layout: {} };
/** How long to wait for more operations before the findings are asked for. */
const FINDINGS_PAUSE_MS = 60;
/** How long to wait before a server that does not answer is asked again. */
const RETRY_MS = 2000;

export interface DraftState {
  flow: string | undefined;
  phase: "idle" | "loading" | "ready" | "failed";
  problem: Problem | undefined;
  revision: number;
  /** Whether the draft differs from what runs. */
  isAhead: boolean;
  /** Whether the flow runs at all: not before it was applied for the first time. */
  isRunning: boolean;
  documents: Documents;
  findings: FindingIndex;
  undo: string | undefined;
  redo: string | undefined;
  /** Whether something done here is still under way. */
  isSaving: boolean;
}

export const useDraft = create<DraftState>(() => ({
  flow: undefined,
  phase: "idle",
  problem: undefined,
  revision: 0,
  isAhead: false,
  isRunning: true,
  documents: EMPTY,
  findings: NO_FINDINGS,
  undo: undefined,
  redo: undefined,
  isSaving: false,
}));

interface Pending {
  label: string;
  changes: Change[];
}

export interface Refusal {
  label: string;
  changes: Change[];
  problem: Problem;
  conflicts: Conflict[];
}

/** Who wants to know of what the server did not take. */
type OnRefused = (refusal: Refusal) => void;

export class DraftSync {
  private confirmed: Documents = EMPTY;
  private pending: Pending[] = [];
  private pumping: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts what changed what is confirmed, so that an answer from before is told apart. */
  private turn = 0;
  /** Whether the next look takes the documents, too. */
  private isLost = false;

  constructor(
    readonly flow: string,
    private readonly onRefused: OnRefused,
  ) {}

  async open(): Promise<void> {
    useDraft.setState({ ...useDraft.getInitialState(), flow: this.flow, phase: "loading" });
    await this.load();
  }

  /** A server that is gone or busy is asked again; one that has no such flow is not. */
  private async load(): Promise<void> {
    try {
      this.take(await api.draft(this.flow));
    } catch (error) {
      if (!this.isOpen()) return;
      const problem = problemIn(error);
      useDraft.setState({ phase: "failed", problem });
      if (problem.status === 401) void signedIn().then(() => this.load());
      else if (mayPass(problem)) this.timer = setTimeout(() => void this.load(), RETRY_MS);
    }
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private isOpen(): boolean {
    return useDraft.getState().flow === this.flow;
  }

  private take(draft: Draft): void {
    if (!this.isOpen()) return;
    const isNew =
      this.isLost || this.confirmed === EMPTY || draft.revision !== useDraft.getState().revision;
    if (isNew) this.confirmed = { flow: draft.flow, layout: draft.layout };
    this.isLost = false;
    useDraft.setState({
      phase: "ready",
      problem: undefined,
      revision: draft.revision,
      isAhead: draft.isAhead,
      isRunning: draft.isRunning,
      findings: indexFindings(draft.findings),
      undo: draft.undo?.label,
      redo: draft.redo?.label,
      ...(isNew ? { documents: this.shown() } : {}),
    });
  }

  private shown(): Documents {
    return this.pending.reduce(
      (documents, { changes }) => apply(documents, changes),
      this.confirmed,
    );
  }

  /** Shows the changes at once and sends them; what is refused is taken back. */
  commit(label: string, changes: Change[]): Promise<void> {
    if (changes.length === 0) return Promise.resolve();
    this.pending.push({ label, changes });
    useDraft.setState({
      documents: apply(useDraft.getState().documents, changes),
      undo: label,
      redo: undefined,
      isSaving: true,
    });
    return this.pump();
  }

  /** Waits until all that was done here is answered. */
  settled(): Promise<void> {
    return this.pumping ?? Promise.resolve();
  }

  private pump(): Promise<void> {
    this.pumping ??= this.sendAll().finally(() => {
      this.pumping = undefined;
      if (this.isOpen()) useDraft.setState({ isSaving: false });
    });
    return this.pumping;
  }

  private async sendAll(): Promise<void> {
    for (let next = this.pending[0]; next && this.isOpen(); next = this.pending[0]) {
      try {
        const { operation, undo, redo } = await api.operate(this.flow, next.label, next.changes);
        this.pending.shift();
        if (operation) this.confirm(operation);
        else this.showAnew();
        if (this.pending.length === 0 && this.isOpen()) {
          useDraft.setState({ undo: undo?.label, redo: redo?.label });
        }
      } catch (error) {
        // What is not sent waits for who is signed out meanwhile.
        if (problemIn(error).status === 401) {
          await signedIn();
          continue;
        }
        // A server that was gone may have taken it: the same twice is no conflict.
        if (mayPass(problemIn(error))) {
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
          continue;
        }
        this.pending.shift();
        this.refuse(next, error);
      }
    }
    this.lookSoon();
  }

  private showAnew(): void {
    if (this.isOpen()) useDraft.setState({ documents: this.shown() });
  }

  private refuse(pending: Pending, error: unknown): void {
    if (!this.isOpen()) return;
    this.showAnew();
    const problem = problemIn(error);
    this.onRefused({ ...pending, problem, conflicts: problem.conflicts ?? [] });
    this.lookSoon();
  }

  /** Takes an operation that the server has accepted, from here or from others. */
  confirm(operation: Operation): void {
    if (!this.isOpen() || useDraft.getState().phase !== "ready") return;
    const { revision } = useDraft.getState();
    if (operation.revision <= revision) return;
    if (operation.revision > revision + 1) {
      this.lookAnew();
      return;
    }
    this.turn += 1;
    this.confirmed = apply(this.confirmed, operation.changes);
    useDraft.setState({
      revision: operation.revision,
      isAhead: true,
      documents: this.shown(),
    });
    this.lookSoon();
  }

  /** Something was missed, or the server began anew: its draft counts, whatever its revision. */
  lookAnew(): void {
    this.isLost = true;
    this.lookSoon();
  }

  /** Findings, and what can be undone, follow the newest revision. */
  lookSoon(): void {
    if (!this.isOpen()) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), FINDINGS_PAUSE_MS);
  }

  private async look(): Promise<void> {
    if (this.pending.length > 0 || !this.isOpen()) return;
    const { turn } = this;
    try {
      const draft = await api.draft(this.flow);
      if (this.pending.length > 0) return;
      if (turn === this.turn) this.take(draft);
      else this.lookSoon();
    } catch {
      // A connection that comes back looks again.
    }
  }

  async undo(): Promise<Operation | undefined> {
    return this.step("undo");
  }

  async redo(): Promise<Operation | undefined> {
    return this.step("redo");
  }

  private async step(which: "undo" | "redo"): Promise<Operation | undefined> {
    await this.settled();
    try {
      const { operation, undo, redo } = await api[which](this.flow);
      if (operation) this.confirm(operation);
      if (this.isOpen()) useDraft.setState({ undo: undo?.label, redo: redo?.label });
      return operation ?? undefined;
    } catch (error) {
      const problem = problemIn(error);
      const conflicts = problem.conflicts ?? [];
      this.onRefused({ label: "", changes: [], problem, conflicts });
      return undefined;
    }
  }
}

/** Whether the same may go well a moment later: nobody answers, or the server is busy. */
function mayPass({ status }: Problem): boolean {
  return status === 0 || status === 502 || status === 503 || status === 504;
}

/** The changes anew, on top of what is there now: "mine" wins. */
export function insisting(documents: Documents, changes: readonly Change[]): Change[] {
  return changes.flatMap((change) => {
    const found = valueAt(documents[change.document], change.path);
    if (isSame(found, change.after)) return [];
    const { document, path, after } = change;
    return [
      {
        document,
        path,
        ...(found === undefined ? {} : { before: found }),
        ...(after === undefined ? {} : { after }),
      },
    ];
  });
}
