/** The open flow: its draft, what the server tells of it, and what a person does with it. */
import { listen } from "../api/events";
import { saidOf } from "../api/problems";
import type { Accepted, Change, DeletedFlow, Operation, Plan } from "../api/types";
import { t } from "../messages";
import { sentence } from "../messages/format";
import { api, problemIn } from "../api/client";
import { flowName, useDraft } from "./draft";
import { useEngine } from "./engine";
import { DraftSync, insisting, type Refusal, type TellProblem } from "./sync";
import { forgetStatus, takeStatus, useLive } from "./live";
import { trashAction } from "./navigate";
import { PAGE, takePresence, tellPresenceAgain } from "./presence";
import { tellRefusedDraft } from "./refusals";
import { announce, closeAll, toast } from "./ui";
import { queries, askFlowsAgain } from "./catalog";
import { lookForNewer } from "./version";
import { lookWho, isRefused, signedIn } from "./user";

/** That of the open flow. */
let sync: DraftSync | undefined;
/** It, and those of other flows as long as something of them is not sent. */
const syncs = new Map<string, DraftSync>();
/** How long to wait before a server that closed the connection is asked again. */
const AGAIN_MS = 1000;
/** The flow that is being deleted here. */
let deleting: string | undefined;
let stopListening: (() => void) | undefined;
/** Whether the server did not answer; it may be another one since. */
let wasLost = false;

/** Opens a flow; what is not sent yet of the one before goes on being sent. */
export function openFlow(flow: string): void {
  if (sync?.flow === flow && !sync.isGone()) return;
  const before = sync;
  sync = syncs.get(flow) ?? newSync(flow);
  before?.close();
  if (before) forget(before);
  forgetStatus();
  void sync.open();
  listenToServer();
}

function newSync(flow: string): DraftSync {
  const made = new DraftSync(flow, api, {
    show: (state) => {
      useDraft.setState(state);
    },
    refused,
    settled: forget,
    damaged: tellDamage,
  });
  syncs.set(flow, made);
  return made;
}

/** Keeps no flow that is not open and has nothing more to be sent. */
function forget(from: DraftSync): void {
  const isKept = from === sync || from.isUnsaved() || syncs.get(from.flow) !== from;
  if (!isKept) syncs.delete(from.flow);
}

/** Whether something that was shown as done is not kept yet, of whatever flow. */
function hasUnsaved(): boolean {
  return [...syncs.values()].some((each) => each.isUnsaved());
}

/** The browser asks before it leaves the page while something is not kept yet. */
export function guardLeaving(): void {
  window.addEventListener("beforeunload", (event) => {
    if (hasUnsaved()) event.preventDefault();
  });
}

/** Listens to the server, anew where it had closed the connection. */
export function listenToServer(): void {
  stopListening ??= listen(
    {
      status: (flows) => {
        useEngine.setState({ flows });
        const status = flows.find((each) => each.name === sync?.flow);
        if (status) takeStatus(status, performance.now());
      },
      operation: (name, operation) => {
        if (name === sync?.flow) sync.confirm(operation);
      },
      applied: (name, applied) => {
        if (name === sync?.flow) {
          sync.applied({ isRunning: true, applied });
        }
        void queries.invalidateQueries({ queryKey: ["plan"] });
        void askFlowsAgain();
      },
      flows: (told) => {
        if ("removed" in told) removed(told.removed);
        else if (told.added === sync?.flow && sync.isGone()) openFlow(told.added);
        void askFlowsAgain();
      },
      figures: () => {
        void queries.invalidateQueries({ queryKey: ["figures"] });
      },
      presence: takePresence,
      missed: () => {
        sync?.lookAnew();
        void askFlowsAgain();
      },
      connected: () => {
        if (wasLost) void lookForNewer();
        wasLost = false;
        useLive.setState({ isConnected: true });
        void askFlowsAgain();
        for (const each of syncs.values()) each.connected();
        tellPresenceAgain();
      },
      lost: () => {
        wasLost = true;
        useLive.setState({ isConnected: false });
      },
      closed: () => {
        stopListening?.();
        stopListening = undefined;
        void lookWho()
          .then(() => new Promise((resolve) => setTimeout(resolve, AGAIN_MS)))
          .then(signedIn)
          .then(listenToServer);
      },
    },
    PAGE,
  );
}

/** Whoever looks at it is told that it is gone, but who deletes it here: they are led away. */
function removed(flow: string): void {
  const gone = syncs.get(flow);
  syncs.delete(flow);
  if (gone === undefined || (gone === sync && flow === deleting)) return;
  if (gone === sync) {
    closeAll();
  }
  gone.end();
}

/** Deletes a flow; `trash`: what waits in it goes into the trash. Says where its file is
 * now. What the server refuses is thrown. */
export async function deleteFlow(flow: string, trash: boolean): Promise<DeletedFlow> {
  deleting = flow;
  try {
    const deleted = await api.deleteFlow(flow, trash);
    // Nothing of it is shown any more, nor asked for.
    const gone = sync?.flow === flow ? sync : syncs.get(flow);
    syncs.delete(flow);
    if (gone === sync) sync = undefined;
    gone?.close();
    gone?.end();
    void askFlowsAgain();
    return deleted;
  } finally {
    deleting = undefined;
  }
}

/** It stays until it is read: nothing else says it. */
function tellDamage(damage: readonly string[], { flow }: DraftSync): void {
  toast({
    tone: "warning",
    title: t("damageTitle", { name: flow }),
    detail: damage.map(sentence).join(" "),
  });
}

function refused(refusal: Refusal, from: DraftSync): void {
  const { label, changes, problem, conflicts } = refusal;
  const mine = () => void insist(refusal, from);
  // Who looks at another flow by now is told which one is meant.
  const titled = (title: string) =>
    from === sync ? title : t("ofFlow", { flow: from.flow, title });
  if (conflicts.length > 0) {
    toast({
      tone: "error",
      title: titled(t("conflictTitle")),
      detail: label === "" ? problem.detail : t("conflictOf", { label }),
      conflicts: conflicts.slice(0, 3),
      ...(changes.length > 0
        ? {
            isChoice: true,
            actions: [
              { label: t("useMine"), run: mine },
              { label: t("keepTheirs"), run: () => undefined },
            ],
          }
        : {}),
    });
    return;
  }
  const title = label === "" ? problem.title : t("notTaken", { label });
  const detail = newestOf(refusal) ?? saidOf(problem);
  toast({ tone: "error", title: titled(title), detail });
}

/** What would be taken back now, where it was something else when that was asked for. */
function newestOf({ step, newest }: Refusal): string | undefined {
  if (newest === undefined) return undefined;
  return t(step === "redo" ? "newestRedo" : "newestUndo", { label: newest });
}

/** Does an edit that was refused all the same, in its own flow, whichever is open. */
async function insist(refusal: Refusal, from: DraftSync): Promise<void> {
  const target = syncs.get(from.flow) ?? from;
  // Where it cannot be taken now, either, the choice stays.
  if (isRefused("editor") || target.isFull()) {
    refused(refusal, from);
    return;
  }
  syncs.set(target.flow, target);
  await target.refresh();
  await commitTo(target, refusal.label, insisting(target.documents, refusal.changes));
  forget(target);
}

/** Makes the draft what runs; says whether that went well. */
export async function applyDraft(revision: number, trash = false): Promise<boolean> {
  const from = sync;
  try {
    const { warning, appliedRevision } = await api.apply(flowName(), revision, trash);
    from?.applied({ isAhead: false, isRunning: true, applied: appliedRevision });
    void queries.invalidateQueries({ queryKey: ["plan"] });
    void askFlowsAgain();
    const said = [warning, trash ? t("trashFilled") : null].filter(Boolean).join(" – ");
    toast({
      tone: "success",
      title: t("appliedDone"),
      ...(said === "" ? {} : { detail: said }),
      ...(trash ? { actions: [trashAction()], about: "trash" } : {}),
    });
    return true;
  } catch (refusal) {
    const problem = problemIn(refusal);
    if (problem.code === "invalid") tellRefusedDraft(problem);
    else toast({ tone: "error", title: problem.title, detail: saidOf(problem) });
    return false;
  }
}

/** Does an edit: shown at once, sent, and taken back when the server does not take it. */
export function commit(label: string, changes: Change[], told?: TellProblem): Promise<void> {
  return sync ? commitTo(sync, label, changes, told) : Promise.resolve();
}

function commitTo(
  target: DraftSync,
  label: string,
  changes: Change[],
  told?: TellProblem,
): Promise<void> {
  if (changes.length === 0 || isRefused("editor")) return Promise.resolve();
  announce(label);
  return target.commit(label, changes, told);
}

/** What applying the draft would do, with all that was done here; a server that is gone says so at
 * once. */
export async function planNow(flow: string): Promise<Plan> {
  if (useDraft.getState().failingSince === undefined) await settled();
  return api.plan(flow);
}

/** Waits until all that was done here is answered. */
export async function settled(): Promise<void> {
  await sync?.settled();
}

/** Takes back what one did last, and tells what was changed by that. */
export function undo(): Promise<readonly Change[]> {
  return stepped("undone", (from) => from.undo());
}

export function redo(): Promise<readonly Change[]> {
  return stepped("redone", (from) => from.redo());
}

async function stepped(
  said: "undone" | "redone",
  step: (from: DraftSync) => Promise<Operation | undefined>,
): Promise<readonly Change[]> {
  const from = sync;
  const operation = from && (await step(from));
  // What was changed in a flow that is not shown any more is not looked for in another.
  if (!operation || from !== sync) return [];
  announce(t(said, { label: operation.label }));
  return operation.changes;
}

/** Takes one operation back, whatever was done after it. */
export function undoOne(revision: number, label: string): Promise<void> {
  return edited((flow) => api.undoOne(flow, revision), t("undone", { label }));
}

/** Goes back to what the draft was after that revision. */
export function rollback(revision: number): Promise<void> {
  return edited((flow) => api.rollback(flow, revision), t("rolledBack", { revision }));
}

/** What is done here and not sent yet goes first; what the server refuses is told. */
async function edited(edit: (flow: string) => Promise<Accepted>, said: string): Promise<void> {
  const from = sync;
  if (!from) return;
  try {
    await from.act(() => edit(from.flow));
    announce(said);
  } catch (error) {
    const problem = problemIn(error);
    refused({ label: "", changes: [], problem, conflicts: problem.conflicts ?? [] }, from);
  }
}
