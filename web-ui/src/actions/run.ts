/** Starts, stops and runs: the whole flow, or what is selected. */
import { api, problemIn } from "../api/client";
import { saidOf } from "../api/problems";
import type { Controlled, ControlAction } from "../api/types";
import { join, kindOf, processorsOf, own } from "../graph/tree";
import { plural, t } from "../messages";
import { processors } from "../state/live";
import { shownGroup } from "../state/navigate";
import { flowName, useDraft } from "../state/draft";
import { announce, toast, useUi } from "../state/ui";

/** The processors that are selected, those of selected groups included. */
export function selectedProcessors(): string[] {
  const { nodes, group } = useUi.getState();
  const tree = shownGroup();
  return [...nodes].flatMap((name) => {
    const kind = kindOf(tree, name);
    const inner = own(tree?.groups, name);
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

const ACTIONS = {
  start: "actStart",
  stop: "actStop",
  runOnce: "actRunOnce",
  runUpTo: "actRunUpTo",
  terminate: "actTerminate",
} as const;

/** How many of those that refuse are told with their reasons, and how many more by name. */
const TOLD_MAX = 2;
const NAMED_MAX = 10;

/** Without paths: all processors of the flow. */
export async function control(action: ControlAction, paths?: string[]): Promise<void> {
  const flow = flowName();
  if (!useDraft.getState().isRunning) {
    toast({ tone: "info", title: t("notAppliedTitle"), detail: t("notAppliedText") });
    return;
  }
  try {
    const { refused } = await api.control(flow, action, paths);
    tellRefused(refused);
    const isRefused = new Set(refused.map(({ path }) => path));
    const done = (paths ?? [...processors.latest.keys()]).filter((path) => !isRefused.has(path));
    const [only] = done;
    if (paths === undefined && refused.length === 0) announce(t(DONE[action], { name: flow }));
    else if (done.length === 1 && only !== undefined) announce(t(DONE[action], { name: only }));
    else if (done.length > 1) {
      const what = plural(done.length, "processorOne", "processorMany");
      announce(t("doneSeveral", { action: t(ACTIONS[action]), what }));
    }
  } catch (error) {
    const problem = problemIn(error);
    toast({ tone: "error", title: problem.title, detail: saidOf(problem) });
  }
}

function tellRefused(refused: Controlled["refused"]): void {
  for (const { path, detail } of refused.slice(0, TOLD_MAX)) {
    toast({ tone: "error", title: path, detail });
  }
  const more = refused.slice(TOLD_MAX).map(({ path }) => path);
  if (more.length === 0) return;
  const unnamed = more.length - NAMED_MAX;
  const names = more.slice(0, NAMED_MAX).join(", ");
  const rest = unnamed > 0 ? `, ${t("andMore", { count: unnamed })}` : "";
  const title = t("moreRefuse", { count: more.length });
  toast({ tone: "error", title, detail: names + rest });
}
