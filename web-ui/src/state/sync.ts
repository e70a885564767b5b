/** Keeps the draft of one flow as the server has it, and sends what is done to it here: each edit
 * to its end, also when another flow is shown meanwhile. Knows neither the store nor the page. */
import { ProblemError, problemIn, type api } from "../api/client";
import { problemTitle } from "../api/problems";
import type { Accepted, Change, Conflict, Draft, Operation, Problem, Step } from "../api/types";
import { apply, isSame, valueAt, type Documents } from "../graph/changes";
import { indexFindings } from "../graph/findings";
import { asJson } from "../graph/tree";
import { NO_DRAFT, type DraftState } from "./draft";
import { mayPass, Retry } from "./retry";
import { signedIn } from "./user";

/** What is done alone is looked at by the server at once; what follows within so long, together. */
const LOOK_PAUSE_MS = 200;
/** How much may wait to be sent; then nothing more is taken until all of it is. */
export const PENDING_MAX = 1000;

/** What is asked of the server. */
export type DraftApi = Pick<typeof api, "draft" | "operate" | "undo" | "redo">;

export type StepKind = "undo" | "redo";

/** What waits to be sent, in the order in which it was done: an edit, or a step of undo. */
interface Pending {
  label: string;
  /** A step has none of its own. */
  changes: Change[];
  step?: StepKind;
  told?: TellProblem | undefined;
  answered?: (operation: Operation | undefined) => void;
}

/** Tells why an edit was refused where it was made; false where that is not shown any more. */
export type TellProblem = (problem: Problem) => boolean;

export interface Refusal {
  label: string;
  changes: Change[];
  problem: Problem;
  conflicts: Conflict[];
  /** What was refused, if it was no edit. */
  step?: StepKind | undefined;
  /** What a step would take back by now, if it was refused because that is something else. */
  newest?: string | undefined;
}

/** Who wants to know. */
export interface Watcher {
  /** The draft is another one; told only while its flow is open. */
  show: (state: DraftState) => void;
  /** The server did not take something, whatever flow is open by now. */
  refused: (refusal: Refusal, from: DraftSync) => void;
  /** All that was done is answered. */
  settled?: (from: DraftSync) => void;
  /** What is wrong with the log of what was edited, in words; told when its flow is opened. */
  damaged?: (damage: readonly string[], from: DraftSync) => void;
}

export class DraftSync {
  private state: DraftState;
  private isOpen = false;
  private confirmed: Documents = NO_DRAFT.documents;
  private pending: Pending[] = [];
  private pumping: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** When the draft was looked at last; milliseconds since the page began. */
  private lookedAt = -Infinity;
  private readonly sending = new Retry();
  private readonly looking = new Retry();
  /** Counts what changed what is confirmed, so that an answer from before is told apart. */
  private turn = 0;
  /** Whether the next look takes the documents, too. */
  private isLost = false;
  /** How much damage was told since the flow was opened. */
  private told = 0;
  /** What the server takes back, and does again, when it is asked next. */
  private steps: Partial<Record<StepKind, Step>> = {};

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
    this.told = 0;
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
    this.looking.stop();
  }

  /** Whether something that was shown as done is not answered yet. */
  isUnsaved(): boolean {
    return this.pending.length > 0;
  }

  /** Whether nothing more is taken until what is pending is sent. */
  isFull(): boolean {
    return this.state.isFull;
  }

  /** As they are shown, or would be. */
  get documents(): Documents {
    return this.state.documents;
  }

  private set(changed: Partial<DraftState>): void {
    this.state = { ...this.state, ...changed };
    if (this.isOpen) this.watcher.show(this.state);
  }

  /** Whether there is no such flow any more. */
  isGone(): boolean {
    return this.state.phase === "gone";
  }

  /** There is no such flow any more, or none that `problem` knows of: what is not sent yet is
   * nobody's. */
  end(problem?: Problem): void {
    const { pending } = this;
    this.pending = [];
    for (const { answered } of pending) answered?.(undefined);
    this.sending.now();
    this.looking.stop();
    clearTimeout(this.timer);
    this.set({ ...NO_DRAFT, flow: this.flow, phase: "gone", problem });
  }

  /** A server that is gone or busy is asked again; one that has no such flow is not. */
  private async load(): Promise<void> {
    try {
      this.take(await this.api.draft(this.flow));
      this.looking.done();
    } catch (error) {
      if (this.isGone()) return;
      const problem = problemIn(error);
      if (isNoFlow(problem)) {
        this.end(problem);
        return;
      }
      this.set({ phase: "failed", problem });
      this.lookLater(problem, () => void this.load());
    }
  }

  private lookLater(problem: Problem, again: () => void): void {
    if (!this.isOpen) return;
    if (problem.status === 401) void signedIn().then(again);
    else if (mayPass(problem)) this.looking.later(problem, again);
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
    if (this.isGone()) return;
    const isFirst = this.state.phase !== "ready";
    const { flow, layout } = draft;
    const isKnown = flow === null || layout === null;
    const isNew = !isKnown && (this.isLost || isFirst || draft.revision !== this.state.revision);
    if (isNew) this.confirmed = { flow, layout };
    // What was lost while this was asked for comes with the next answer.
    if (!isKnown) this.isLost = false;
    this.set({
      phase: "ready",
      problem: undefined,
      revision: draft.revision,
      applied: draft.appliedRevision ?? undefined,
      isAhead: draft.isAhead,
      isRunning: draft.isRunning,
      findings: indexFindings(draft.findings),
      ...(isNew ? { documents: this.shown() } : {}),
    });
    this.takeSteps(draft);
    if (this.isOpen && draft.damage.length > this.told) {
      this.watcher.damaged?.(draft.damage.slice(this.told), this);
      this.told = draft.damage.length;
    }
  }

  private takeSteps({ undo, redo }: Pick<Draft, StepKind>): void {
    this.steps = { ...(undo ? { undo } : {}), ...(redo ? { redo } : {}) };
    this.showSteps();
  }

  /** An edit that is not confirmed yet is the newest. */
  private showSteps(): void {
    const mine = this.pending.findLast(({ step }) => step === undefined);
    const { undo, redo } = this.steps;
    this.set(
      mine ? { undo: mine.label, redo: undefined } : { undo: undo?.label, redo: redo?.label },
    );
  }

  private shown(): Documents {
    return this.pending.reduce(
      (documents, { changes }) => apply(documents, changes),
      this.confirmed,
    );
  }

  /** Shows the changes at once and sends them; what is refused is taken back. */
  commit(label: string, changes: Change[], told?: TellProblem): Promise<void> {
    if (changes.length === 0 || this.isFull() || this.isGone()) return Promise.resolve();
    this.add({ label, changes, told });
    this.set({ documents: apply(this.documents, changes) });
    this.showSteps();
    return this.pump();
  }

  private add(pending: Pending): void {
    this.pending.push(pending);
    this.set({ isSaving: true, isFull: this.pending.length >= PENDING_MAX });
  }

  /** Waits until all that was done here is answered. */
  settled(): Promise<void> {
    return this.pumping ?? Promise.resolve();
  }

  private pump(): Promise<void> {
    this.pumping ??= this.sendAll();
    return this.pumping;
  }

  private async sendAll(): Promise<void> {
    for (let next = this.pending[0]; next; next = this.pending[0]) {
      await this.sendFirst(next);
    }
    // At once, so that what is done next begins anew.
    this.pumping = undefined;
    this.set({ isSaving: false, isFull: false });
    this.watcher.settled?.(this);
    this.lookSoon();
  }

  /** Takes it from what is pending when it is answered, whatever the answer is. */
  private async sendFirst(first: Pending): Promise<void> {
    try {
      const answer = await this.send(first);
      this.answered();
      this.accept(answer, first.changes);
      first.answered?.(answer.operation ?? undefined);
      // It changed nothing, and is not what a step behind it was to take back.
      if (!answer.operation && answer.undo?.label !== first.label) this.dropSteps();
    } catch (error) {
      const problem = problemIn(error);
      if (this.isGone()) return;
      if (problem.status === 401) {
        // What is not sent waits for who is signed out meanwhile.
        await signedIn();
      } else if (isKept(first, problem)) {
        this.set({ failingSince: this.state.failingSince ?? Date.now() });
        await new Promise<void>((resolve) => {
          this.sending.later(problem, resolve);
        });
      } else {
        this.answered();
        this.set({ documents: this.shown() });
        await this.refuse(first, problem);
      }
    }
  }

  private answered(): void {
    this.pending.shift();
    this.sending.done();
    this.set({ failingSince: undefined });
  }

  private async send({ label, changes, step }: Pending): Promise<Accepted> {
    if (step === undefined) return this.api.operate(this.flow, label, changes);
    const shown = this.steps[step];
    if (shown) return this.api[step](this.flow, shown.revision);
    const code = step === "undo" ? "nothingToUndo" : "nothingToRedo";
    throw new ProblemError({ title: problemTitle(code, 409), status: 409, code });
  }

  private accept({ operation, undo, redo }: Accepted, mine?: readonly Change[]): void {
    if (this.isGone()) return;
    if (operation) this.confirm(operation, mine);
    else this.set({ documents: this.shown() });
    this.takeSteps({ undo, redo });
  }

  private async refuse(refused: Pending, problem: Problem): Promise<void> {
    const { label, changes, step } = refused;
    this.dropSteps();
    this.showSteps();
    const conflicts = problem.conflicts ?? [];
    if (refused.told?.(problem) === true) {
      this.lookSoon();
      return;
    }
    const newest =
      step !== undefined && problem.code === "newest" ? await this.newestOf(step) : undefined;
    this.watcher.refused({ label, changes, problem, conflicts, step, newest }, this);
    refused.answered?.(undefined);
    this.lookSoon();
  }

  /** What a step would take back by now; nothing where that is not known. */
  private async newestOf(step: StepKind): Promise<string | undefined> {
    const { steps } = this;
    await this.ask().catch(() => undefined);
    return this.steps === steps ? undefined : this.steps[step]?.label;
  }

  /** Steps that were asked for before it was known what became of what was done before them. */
  private dropSteps(): void {
    const dropped = this.pending.filter(({ step }) => step !== undefined);
    this.pending = this.pending.filter(({ step }) => step === undefined);
    for (const { answered } of dropped) answered?.(undefined);
  }

  /** Takes an operation that the server has accepted, from here or from others; `mine` is what
   * may come of it here. */
  confirm(
    operation: Operation,
    mine: readonly Change[] | undefined = this.pending[0]?.changes,
  ): void {
    if (this.state.phase !== "ready") return;
    const { revision } = this.state;
    if (operation.revision <= revision) return;
    if (operation.revision > revision + 1) {
      this.lookAnew();
      return;
    }
    this.turn += 1;
    this.confirmed = apply(this.confirmed, operation.changes);
    // What is shown has it already: a thousand that wait are not done anew for each of them.
    const isShown = mine !== undefined && isSame(asJson(mine), asJson(operation.changes));
    const documents = isShown ? this.documents : this.shown();
    this.set({ revision: operation.revision, isAhead: true, documents });
    this.lookSoon();
  }

  /** What runs is what was drawn here, at least up to some revision. */
  applied(changed: Partial<Pick<DraftState, "applied" | "isAhead" | "isRunning">>): void {
    this.set(changed);
    this.lookSoon();
  }

  /** The server is there again: what waits for it goes at once, and what it told is missed. */
  connected(): void {
    this.sending.now();
    this.looking.now();
    this.lookAnew();
  }

  /** Something was missed, or the server began anew: its draft counts, whatever its revision. */
  lookAnew(): void {
    this.isLost = true;
    this.lookSoon();
  }

  /** Findings, and what can be undone, follow the newest revision. */
  lookSoon(): void {
    if (!this.isOpen || this.isGone()) return;
    clearTimeout(this.timer);
    const wait = Math.max(0, this.lookedAt + LOOK_PAUSE_MS - performance.now());
    this.timer = setTimeout(() => void this.look(), wait);
  }

  private async look(): Promise<void> {
    if (this.isUnsaved() || !this.isOpen) return;
    this.lookedAt = performance.now();
    try {
      await this.ask();
      this.looking.done();
    } catch (error) {
      const problem = problemIn(error);
      if (this.isGone()) return;
      // Somebody has deleted it while nothing was heard of the server.
      if (isNoFlow(problem)) this.end();
      // Until then what is shown may be old.
      else this.lookLater(problem, () => void this.look());
    }
  }

  /** Takes what the draft is by now, unless it is another one already when that is answered. */
  private async ask(): Promise<void> {
    const { turn } = this;
    const draft = await this.api.draft(
      this.flow,
      this.isLost || this.state.phase !== "ready" ? undefined : this.state.revision,
    );
    if (turn !== this.turn) this.lookSoon();
    else if (!this.isUnsaved()) this.take(draft);
  }

  undo(): Promise<Operation | undefined> {
    return this.step("undo");
  }

  redo(): Promise<Operation | undefined> {
    return this.step("redo");
  }

  /** Takes back what is shown as the newest, and nothing else, when all before it is answered. */
  private step(step: StepKind): Promise<Operation | undefined> {
    if (this.state.phase !== "ready" || this.isFull()) return Promise.resolve(undefined);
    return new Promise((answered) => {
      this.add({ label: "", changes: [], step, answered });
      void this.pump();
    });
  }

  /** Does something else to the draft, after all that was done before. */
  async act(send: () => Promise<Accepted>): Promise<void> {
    await this.settled();
    this.accept(await send());
    this.lookSoon();
  }
}

/** Whether nobody has such a flow, or not any more. */
function isNoFlow({ status, code }: Problem): boolean {
  return status === 404 && code === "noFlow";
}

/** Whether it is sent again. A server that was gone may have taken it: the same edit twice is no
 * conflict, but a step twice would be refused as another one than was shown. */
function isKept({ step }: Pending, problem: Problem): boolean {
  return step === undefined ? mayPass(problem) : problem.status === 429;
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
