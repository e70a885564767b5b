/** What applying a draft sets going, and what is taken away by that, in words. */
import { CirclePlay, Trash2 } from "lucide-react";
import type { Plan } from "../api/types";
import { removalsIn, type Removal } from "../graph/removes";
import { asFlow, processorsOf, type ProcessorTree } from "../graph/tree";
import { plural, t, type MessageKey } from "../messages";
import { useCatalog } from "../state/catalog";
import { useDraft } from "../state/draft";
import { useLive } from "../state/live";

const REMOVES: Readonly<Record<Removal["what"], MessageKey>> = {
  files: "removesFiles",
  fetched: "removesFetched",
  objects: "removesObjects",
};

interface Props {
  plan: Plan;
  /** Whether the flow is started with it, where it is stopped. */
  isStarting: boolean;
}

export function PlanEffects({ plan, isStarting }: Props) {
  const flow = asFlow(useDraft((state) => state.documents.flow));
  const isApplied = useDraft((state) => state.isRunning);
  const catalog = useCatalog();
  return (
    <>
      <Starts plan={plan} isStarting={isStarting} all={new Map(processorsOf(flow))} />
      {removalsIn(flow, plan, isApplied, catalog).map(({ path, what, from }) => (
        <div key={path} className="plan-note warn">
          <Trash2 size={16} aria-hidden />
          <span>{t(REMOVES[what], { path, from })}</span>
        </div>
      ))}
    </>
  );
}

function Starts({ plan, isStarting, all }: Props & { all: ReadonlyMap<string, ProcessorTree> }) {
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
    isApplied && isStopped && !isStarting
      ? plural(starting, "staysStoppedOne", "staysStoppedMany")
      : plural(starting, "willStartOne", "willStartMany");
  return (
    <div className="plan-note accent">
      <CirclePlay size={16} aria-hidden />
      <span>{text}</span>
    </div>
  );
}
