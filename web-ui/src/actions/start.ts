/** Starts the whole flow. A draft that is not what runs is looked at first: who presses Start must
 * not lose what only the review tells of. */
import { problemIn } from "../api/client";
import { saidOf } from "../api/problems";
import type { Plan } from "../api/types";
import { leftOverOf } from "../graph/leftOver";
import type { Catalog } from "../graph/relationships";
import { removalsIn } from "../graph/removes";
import { asFlow } from "../graph/tree";
import { catalogThere } from "../state/catalog";
import { flowName, useDraft } from "../state/draft";
import { connections } from "../state/live";
import { openReviewOfStart } from "../state/navigate";
import { applyDraft, planNow } from "../state/openFlow";
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
  const { isRunning: isOn, isAhead, isSaving } = useDraft.getState();
  if (isOn && !isAhead && !isSaving) return control("start");
  const flow = flowName();
  const [plan, catalog] = await Promise.all([planNow(flow), catalogThere()]);
  const { isRunning: isApplied } = useDraft.getState();
  // Another flow was opened meanwhile.
  if (flow !== flowName()) return;
  if (warns(plan, catalog)) openReviewOfStart();
  else if (isApplied) await control("start");
  else await applyDraft(plan.revision);
}

/** Whether the review tells of something that nobody may miss. */
function warns(plan: Plan, catalog: Catalog): boolean {
  const { documents, isRunning: isApplied } = useDraft.getState();
  return (
    plan.findings.some(({ severity }) => severity === "error") ||
    leftOverOf(plan, (path) => connections.latest.get(path)?.status.queued).length > 0 ||
    removalsIn(asFlow(documents.flow), plan, isApplied, catalog).length > 0
  );
}
