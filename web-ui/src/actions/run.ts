/** Starts, stops and runs: the whole flow, or what is selected. */
import { api, problemIn } from "../api/client";
import type { ControlAction } from "../api/types";
import { join, kindOf, processorsOf } from "../graph/tree";
import { t } from "../messages";
import { flowName, saidOf, shownGroup } from "../state/session";
import { announce, toast, useUi } from "../state/ui";

/** The processors that are selected, those of selected groups included. */
export function selectedProcessors(): string[] {
  const { nodes, group } = useUi.getState();
  const tree = shownGroup();
  return [...nodes].flatMap((name) => {
    const kind = kindOf(tree, name);
    const inner = tree?.groups?.[name];
    if (kind === "group" && inner) {
      return [...processorsOf(inner, join(group, name))].map(([path]) => path);
    }
    return kind === "processor" ? [join(group, name)] : [];
  });
}

const DONE = {
  start: "doneStart",
  stop: "doneStop",
  runOnce: "doneRunOnce",
  runUpTo: "doneRunUpTo",
  terminate: "doneTerminate",
} as const;

/** Without paths: all processors of the flow. */
export async function control(action: ControlAction, paths?: string[]): Promise<void> {
  try {
    const { refused } = await api.control(flowName(), action, paths);
    for (const each of refused.slice(0, 2)) {
      toast({ tone: "error", title: each.path, detail: each.detail });
    }
    const name = paths?.length === 1 ? (paths[0] ?? "") : flowName();
    announce(t(DONE[action], { name }));
  } catch (error) {
    const problem = problemIn(error);
    toast({ tone: "error", title: problem.title, detail: saidOf(problem) });
  }
}
