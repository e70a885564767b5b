/** Keeps the draft of one flow as the server has it, and sends what is done to it here: each edit
 * to its end, also when another flow is shown meanwhile. Knows neither the store nor the page. */
import { problemIn, type api } from "../api/client";
import type { Change, Conflict, Draft, Operation, Problem } from "../api/types";
import { apply, isSame, valueAt, type Documents } from "../graph/changes";
import { indexFindings } from "../graph/findings";
import { NO_DRAFT, type DraftState } from "./draft";
import { signedIn } from "./user";

/** How long to wait for more operations before the findings are asked for. */
const FINDINGS_PAUSE_MS = 60;
/** How long to wait before a server that does not answer is asked again. */
const RETRY_MS = 2000;

/** What is asked of the server. */
export type DraftApi = Pick<typeof api, "draft" | "operate" | "undo" | "redo">;

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

/** Who wants to know. */
export interface Watcher {
  /** The draft is another one; told only while its flow is open. */
  show: (state: DraftState) => void;
  /** The server did not take something, whatever flow is open by now. */
  refused: (refusal: Refusal, from: DraftSync) => void;
  /** All that was done is answered. */
  settled?: (from: DraftSync) => void;
}

export class DraftSync {
  private state: DraftState;
  private isOpen = false;
  private confirmed: Documents = NO_DRAFT.documents;
  private pending: Pending[] = [];
  private pumping: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts what changed what is confirmed, so that an answer from before is told apart. */
  private turn = 0;
  /** Whether the next look takes the documents, too. */
  private isLost = false;

  constructor(
    readonly flow: string,
    private readonly api: DraftApi,
    private readonly watcher: Watcher,
  ) {
    this.state = { ...NO_DRAFT, flow };
  }

  /** Shows the flow: at once where it is known what it is with what is not sent yet. */
  async open(): Promise<void> {
    this.isOpen = true;
    if (this.state.phase === "ready") {
      this.set({});
      this.lookAnew();
    } else {
      this.set({ phase: "loading" });
      await this.load();
    }
  }

  /** Another flow is shown. What is not sent yet goes on being sent. */
  close(): void {
    this.isOpen = false;
    clearTimeout(this.timer);
  }

  /** Whether something that was shown as done is not answered yet. */
  isUnsaved(): boolean {
    return this.pending.length > 0;
  }

  /** As they are shown, or would be. */
  get documents(): Documents {
    return this.state.documents;
  }

  private set(changed: Partial<DraftState>): void {
    this.state = { ...this.state, ...changed };
    if (this.isOpen) this.watcher.show(this.state);
  }

  /** A server that is gone or busy is asked again; one that has no such flow is not. */
  private async load(): Promise<void> {
    try {
      this.take(await this.api.draft(this.flow));
    } catch (error) {
      if (!this.isOpen) return;
      const problem = problemIn(error);
      this.set({ phase: "failed", problem });
      if (problem.status === 401) void signedIn().then(() => this.load());
      else if (mayPass(problem)) this.timer = setTimeout(() => void this.load(), RETRY_MS);
    }
  }

  /** Asks what the draft is by now, where nobody does because another flow is open. */
  async refresh(): Promise<void> {
    if (this.isOpen || this.isUnsaved()) return;
    try {
      this.isLost = true;
      this.take(await this.api.draft(this.flow));
    } catch {
      // What is done on top of what was known is refused, and told, if it does not fit.
    }
  }

  private take(draft: Draft): void {
    const isFirst = this.state.phase !== "ready";
    const isNew = this.isLost || isFirst || draft.revision !== this.state.revision;
    if (isNew) this.confirmed = { flow: draft.flow, layout: draft.layout };
    this.isLost = false;
    this.set({
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
    this.set({
      documents: apply(this.documents, changes),
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
      this.set({ isSaving: false });
      this.watcher.settled?.(this);
    });
    return this.pumping;
  }

  private async sendAll(): Promise<void> {
    for (let next = this.pending[0]; next; next = this.pending[0]) {
      try {
        const { label, changes } = next;
        const { operation, undo, redo } = await this.api.operate(this.flow, label, changes);
        this.pending.shift();
        if (operation) this.confirm(operation);
        else this.set({ documents: this.shown() });
        if (!this.isUnsaved()) this.set({ undo: undo?.label, redo: redo?.label });
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
        this.set({ documents: this.shown() });
        this.refuse(next, error);
      }
    }
    this.lookSoon();
  }

  private refuse(pending: Pending, error: unknown): void {
    const problem = problemIn(error);
    const refusal = { ...pending, problem, conflicts: problem.conflicts ?? [] };
    this.watcher.refused(refusal, this);
    this.lookSoon();
  }

  /** Takes an operation that the server has accepted, from here or from others. */
  confirm(operation: Operation): void {
    if (this.state.phase !== "ready") return;
    const { revision } = this.state;
    if (operation.revision <= revision) return;
    if (operation.revision > revision + 1) {
      this.lookAnew();
      return;
    }
    this.turn += 1;
    this.confirmed = apply(this.confirmed, operation.changes);
    this.set({ revision: operation.revision, isAhead: true, documents: this.shown() });
    this.lookSoon();
  }

  /** What runs is what was drawn here, at least up to some revision. */
  applied(changed: Partial<Pick<DraftState, "isAhead" | "isRunning">>): void {
    this.set(changed);
    this.lookSoon();
  }

  /** Something was missed, or the server began anew: its draft counts, whatever its revision. */
  lookAnew(): void {
    this.isLost = true;
    this.lookSoon();
  }

  /** Findings, and what can be undone, follow the newest revision. */
  lookSoon(): void {
    if (!this.isOpen) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), FINDINGS_PAUSE_MS);
  }

  private async look(): Promise<void> {
    if (this.isUnsaved() || !this.isOpen) return;
    const { turn } = this;
    try {
      const draft = await this.api.draft(this.flow);
      if (this.isUnsaved()) return;
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
      const { operation, undo, redo } = await this.api[which](this.flow);
      if (operation) this.confirm(operation);
      this.set({ undo: undo?.label, redo: redo?.label });
      return operation ?? undefined;
    } catch (error) {
      this.refuse({ label: "", changes: [] }, error);
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
