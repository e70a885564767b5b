/** What is told when a draft cannot be applied: it leads to what is wrong, and goes away with it. */
import { saidOf } from "../api/problems";
import type { Problem } from "../api/types";
import { errorsIn, missingIn } from "../graph/findings";
import { t } from "../messages";
import { useDraft, type DraftState } from "./draft";
import { openParameters, openProblems } from "./navigate";
import { dismiss, toast, type ToastAction } from "./ui";

let told: number | undefined;

export function tellRefusedDraft(problem: Problem): void {
  forgetRefusedDraft();
  const missing = (problem.findings ?? []).map(missingIn).find((each) => each !== undefined);
  const actions: ToastAction[] = [{ label: t("actProblems"), run: openProblems }];
  if (missing) {
    const run = () => {
      openParameters(missing.path);
    };
    actions.unshift({ label: t("giveValue", { name: missing.name }), run });
  }
  told = toast({ tone: "error", title: problem.title, detail: saidOf(problem), actions });
}

function forgetRefusedDraft(): void {
  if (told !== undefined) dismiss(told);
  told = undefined;
}

/** Whether what was told of the draft does not hold any more. */
function isOver(now: DraftState, before: DraftState): boolean {
  if (now.flow !== before.flow) return true;
  if (now.isRunning && !now.isAhead) return true;
  // Only what was found since: what is known here may be older than the refusal.
  const isNew = now.findings !== before.findings;
  return isNew && errorsIn(now.findings) === 0;
}

useDraft.subscribe((now, before) => {
  if (told !== undefined && isOver(now, before)) forgetRefusedDraft();
});
