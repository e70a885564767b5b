/** What applying a draft sets going, and what is taken away by that, in words. */
import { CirclePlay, Trash2 } from "lucide-react";
import type { Plan } from "../api/types";
import { removalOf, type Removal } from "../graph/removes";
import { asFlow, processorsOf, type ProcessorTree } from "../graph/tree";
import { plural, t, type MessageKey } from "../messages";
import { useDraft } from "../state/draft";
import { useLive } from "../state/live";

const REMOVES: Readonly<Record<Removal["what"], MessageKey>> = {
  files: "removesFiles",
  fetched: "removesFetched",
  objects: "removesObjects",
};

export function PlanEffects({ plan }: { plan: Plan }) {
  const flow = asFlow(useDraft((state) => state.documents.flow));
  const all = new Map(processorsOf(flow));
  const removals = touchedBy(plan).flatMap((path) => {
    const processor = all.get(path);
    const removal = processor && removalOf(flow, path, processor);
    return removal ? [{ path, ...removal }] : [];
  });
  return (
    <>
      <Starts plan={plan} all={all} />
      {removals.map(({ path, what, from }) => (
        <div key={path} className="plan-note warn">
          <Trash2 size={16} aria-hidden />
          <span>{t(REMOVES[what], { path, from })}</span>
        </div>
      ))}
    </>
  );
}

/** The processors that are added or not the same. */
function touchedBy({ changes }: Plan): string[] {
  return changes.flatMap(({ change, element }) =>
    element?.kind === "processor" && change !== "removed" ? [element.path] : [],
  );
}

function Starts({ plan, all }: { plan: Plan; all: ReadonlyMap<string, ProcessorTree> }) {
  const isApplied = useDraft((state) => state.isRunning);
  const isStopped = useLive(({ state }) => state === "stopped" || state === "stopping");
  const { preview } = plan;
  // Of a draft with errors nobody knows yet.
  if (isApplied && !preview) return null;
  const begun = isApplied ? (preview?.added ?? []) : [...all.keys()];
  const starting = begun.filter((path) => {
    const processor = all.get(path);
    return processor && processor.state !== "disabled";
  }).length;
  if (starting === 0) return null;
  const text =
    isApplied && isStopped
      ? plural(starting, "staysStoppedOne", "staysStoppedMany")
      : plural(starting, "willStartOne", "willStartMany");
  return (
    <div className="plan-note accent">
      <CirclePlay size={16} aria-hidden />
      <span>{text}</span>
    </div>
  );
}
