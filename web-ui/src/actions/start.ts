/** Starts the whole flow. A draft that is not what runs is looked at first: who presses Start must
 * not lose what only the review tells of. */
import { api, problemIn } from "../api/client";
import { saidOf } from "../api/problems";
import type { Plan } from "../api/types";
import { leftOverOf } from "../graph/leftOver";
import { removalsIn } from "../graph/removes";
import { asFlow } from "../graph/tree";
import { flowName, useDraft } from "../state/draft";
import { connections } from "../state/live";
import { openReviewOfStart } from "../state/navigate";
import { applyDraft, settled } from "../state/openFlow";
import { toast } from "../state/ui";
import { control } from "./run";

/** Whether one is asked already: a button is soon pressed twice. */
let isAsked = false;

export async function startFlow(): Promise<void> {
  if (isAsked) return;
  isAsked = true;
  try {
    await start();
  } catch (error) {
    const problem = problemIn(error);
    toast({ tone: "error", title: problem.title, detail: saidOf(problem) });
  } finally {
    isAsked = false;
  }
}

async function start(): Promise<void> {
  // What was done is to be there before it is looked at; a server that is gone says so at once, and
  // nothing starts by itself when it is back.
  if (useDraft.getState().failingSince === undefined) await settled();
  const { isRunning: isApplied, isAhead } = useDraft.getState();
  if (isApplied && !isAhead) return control("start");
  const flow = flowName();
  const plan = await api.plan(flow);
  // Another flow was opened meanwhile.
  if (flow !== flowName()) return;
  if (warns(plan)) openReviewOfStart();
  else if (isApplied) await control("start");
  else await applyDraft(plan.revision);
}

/** Whether the review tells of something that nobody may miss. */
function warns(plan: Plan): boolean {
  const { documents, isRunning: isApplied } = useDraft.getState();
  return (
    plan.findings.some(({ severity }) => severity === "error") ||
    leftOverOf(plan, (path) => connections.latest.get(path)?.status.queued).length > 0 ||
    removalsIn(asFlow(documents.flow), plan, isApplied).length > 0
  );
}
