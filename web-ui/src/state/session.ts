/** The open flow: its draft, what the server tells of it, and what a person does with it. */
import { listen } from "../api/events";
import type { Change } from "../api/types";
import { asFlow, groupAt, type GroupTree } from "../graph/tree";
import { t } from "../messages";
import { api, problemIn } from "../api/client";
import type { Problem } from "../api/types";
import { DraftSync, insisting, useDraft, type Refusal } from "./draft";
import { forgetStatus, takeStatus, useLive } from "./live";
import { announce, toast, useUi } from "./ui";
import { queries } from "./catalog";
import { lookWho, refusalFor, signedIn } from "./user";

let sync: DraftSync | undefined;
/** How long to wait before a server that closed the connection is asked again. */
const AGAIN_MS = 1000;
let stopListening: (() => void) | undefined;

export function openFlow(flow: string): void {
  if (sync?.flow === flow) return;
  sync?.close();
  forgetStatus();
  const opened = new DraftSync(flow, refused);
  sync = opened;
  void opened.open();
  listenAgain();
}

/** Listens to the server, anew where it had closed the connection. */
function listenAgain(): void {
  stopListening ??= listen({
    status: (flows) => {
      const status = flows.find((each) => each.name === sync?.flow);
      if (status) takeStatus(status, performance.now());
    },
    operation: (name, operation) => {
      if (name === sync?.flow) sync.confirm(operation);
    },
    applied: (name) => {
      if (name === sync?.flow) {
        useDraft.setState({ isRunning: true });
        sync.lookSoon();
      }
      void queries.invalidateQueries({ queryKey: ["plan"] });
    },
    flows: () => {
      void queries.invalidateQueries({ queryKey: ["flows"] });
    },
    missed: () => {
      sync?.lookAnew();
    },
    connected: () => {
      useLive.setState({ isConnected: true });
      sync?.lookAnew();
    },
    lost: () => {
      useLive.setState({ isConnected: false });
    },
    closed: () => {
      stopListening?.();
      stopListening = undefined;
      void lookWho()
        .then(() => new Promise((resolve) => setTimeout(resolve, AGAIN_MS)))
        .then(signedIn)
        .then(listenAgain);
    },
  });
}

export function closeFlow(): void {
  sync?.close();
  sync = undefined;
}

function refused({ label, changes, problem, conflicts }: Refusal): void {
  if (conflicts.length > 0) {
    const insist = () => {
      void commit(label, insisting(useDraft.getState().documents, changes));
    };
    toast({
      tone: "error",
      title: t("conflictTitle"),
      detail: label === "" ? problem.detail : t("conflictOf", { label }),
      conflicts: conflicts.slice(0, 3),
      ...(changes.length > 0
        ? {
            actions: [
              { label: t("useMine"), run: insist },
              { label: t("keepTheirs"), run: () => undefined },
            ],
          }
        : {}),
    });
    return;
  }
  const found = problem.findings?.map((each) => each.message).join("; ");
  const title = label === "" ? problem.title : t("notTaken", { label });
  toast({ tone: "error", title, detail: found ?? saidOf(problem) });
}

/** What a problem says, and what it advises. */
export function saidOf({ title, detail, help }: Problem): string {
  return [detail ?? title, help].filter(Boolean).join(" – ");
}

/** Makes the draft what runs; says whether that went well. */
export async function applyDraft(revision: number, trash = false): Promise<boolean> {
  try {
    const { warning } = await api.apply(flowName(), revision, trash);
    useDraft.setState({ isAhead: false, isRunning: true });
    sync?.lookSoon();
    void queries.invalidateQueries({ queryKey: ["plan"] });
    void queries.invalidateQueries({ queryKey: ["flows"] });
    toast({ tone: "success", title: t("appliedDone"), detail: warning ?? undefined });
    return true;
  } catch (refusal) {
    const problem = problemIn(refusal);
    const found = problem.findings?.map((each) => each.message).join("; ");
    toast({ tone: "error", title: problem.title, detail: found ?? saidOf(problem) });
    return false;
  }
}

/** Does an edit: shown at once, sent, and taken back when the server does not take it. */
export function commit(label: string, changes: Change[]): Promise<void> {
  if (!sync || changes.length === 0) return Promise.resolve();
  const refusal = refusalFor("editor");
  if (refusal !== undefined) {
    toast({ tone: "info", title: t("problemRole"), detail: refusal });
    return Promise.resolve();
  }
  announce(label);
  return sync.commit(label, changes);
}

/** Waits until all that was done here is answered. */
export async function settled(): Promise<void> {
  await sync?.settled();
}

/** Takes back what one did last, and tells what was changed by that. */
export async function undo(): Promise<readonly Change[]> {
  const operation = await sync?.undo();
  if (operation) announce(t("undone", { label: operation.label }));
  return operation?.changes ?? [];
}

export async function redo(): Promise<readonly Change[]> {
  const operation = await sync?.redo();
  if (operation) announce(t("redone", { label: operation.label }));
  return operation?.changes ?? [];
}

/** Takes one operation back, whatever was done after it; what the server refuses is the answer. */
export function undoOne(revision: number, label: string): Promise<Problem | undefined> {
  return edited(async () => {
    await api.undoOne(flowName(), revision);
    announce(t("undone", { label }));
  });
}

/** Goes back to what the draft was after that revision. */
export function rollback(revision: number): Promise<Problem | undefined> {
  return edited(async () => {
    await api.rollback(flowName(), revision);
    announce(t("rolledBack", { revision }));
  });
}

/** What is done here and not sent yet goes first; what comes of it the server tells everybody. */
async function edited(edit: () => Promise<void>): Promise<Problem | undefined> {
  try {
    await sync?.settled();
    await edit();
    sync?.lookSoon();
    return undefined;
  } catch (refusal) {
    return problemIn(refusal);
  }
}

/** The group that is shown. */
export function shownGroup(): GroupTree | undefined {
  return groupAt(asFlow(useDraft.getState().documents.flow), useUi.getState().group);
}

export function flowName(): string {
  return useDraft.getState().flow ?? "";
}
