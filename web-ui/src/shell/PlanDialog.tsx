/** What applying the draft would do, and doing it. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { CircleAlert, CircleCheck } from "lucide-react";
import { whyOf } from "../api/client";
import type { Plan, Preview } from "../api/types";
import { Button } from "../components/Button";
import { ChangeLine } from "../components/ChangeLine";
import { Modal } from "../components/Modal";
import { control } from "../actions/run";
import { missingIn } from "../graph/findings";
import { leftOverOf, waitingFor } from "../graph/leftOver";
import { plural, t } from "../messages";
import { bytes } from "../messages/format";
import { flowName, useDraft } from "../state/draft";
import { connections, processors } from "../state/live";
import { openParameters } from "../state/navigate";
import { applyDraft, planNow } from "../state/openFlow";
import { useUi } from "../state/ui";
import { useRefusal } from "../state/user";
import { PlanEffects } from "./PlanEffects";

export default function PlanDialog({ onClose }: { onClose: () => void }) {
  const revision = useDraft((state) => state.revision);
  const flow = flowName();
  const { data, error, refetch } = useQuery({
    queryKey: ["plan", flow, revision],
    queryFn: () => planNow(flow),
    staleTime: 0,
  });
  const [isApplying, setApplying] = useState(false);
  const errors = data?.findings.filter((each) => each.severity === "error") ?? [];
  const refusal = useRefusal("editor");
  const isRunning = useDraft((state) => state.isRunning);
  const isNothing = data?.isAhead === false && isRunning;
  // A flow that runs for the first time starts with that.
  const isStarting = useUi((state) => state.isStarting);
  const missing = errors.map(missingIn).find((each) => each !== undefined);
  const [isTrashing, setTrashing] = useState(false);
  const hasLeft = (data?.preview?.leftOver.length ?? 0) > 0;
  const applyPlan = async (plan: Plan) => {
    setApplying(true);
    const isDone = await applyDraft(plan.revision, isTrashing && hasLeft);
    setApplying(false);
    if (!isDone) void refetch();
    else {
      onClose();
      if (isStarting && isRunning) void control("start");
    }
  };
  return (
    <Modal
      title={t("planTitle")}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          {isStarting && isRunning ? (
            <Button
              onClick={() => {
                onClose();
                void control("start");
              }}
            >
              {t("startApplied")}
            </Button>
          ) : null}
          <Button
            tone="primary"
            disabled={
              data === undefined ||
              isNothing ||
              errors.length > 0 ||
              isApplying ||
              refusal !== undefined ||
              (hasLeft && !isTrashing)
            }
            title={refusal}
            onClick={() => {
              if (data) void applyPlan(data);
            }}
          >
            {t(isStarting ? "applyStart" : "apply")}
          </Button>
        </>
      }
    >
      {error ? <p className="problem-text">{whyOf(error)}</p> : null}
      {errors.length > 0 ? (
        <div className="plan-note bad">
          <CircleAlert size={16} aria-hidden />
          <span>{plural(errors.length, "planErrorOne", "planErrorMany")}</span>
          {missing ? (
            <Button
              isSmall
              onClick={() => {
                openParameters(missing.path);
              }}
            >
              {t("giveValue", { name: missing.name })}
            </Button>
          ) : null}
          <Button
            isSmall
            onClick={() => {
              onClose();
              useUi.setState({ dock: "problems" });
            }}
          >
            {t("actProblems")}
          </Button>
        </div>
      ) : null}
      {isNothing ? (
        <div className="plan-note good">
          <CircleCheck size={16} aria-hidden />
          <span>{t("planNothing")}</span>
        </div>
      ) : null}
      {data ? <PlanEffects plan={data} isStarting={isStarting} /> : null}
      {data ? <PlanParts plan={data} /> : null}
      {hasLeft ? (
        <label className="plan-trash">
          <input
            type="checkbox"
            checked={isTrashing}
            onChange={(event) => {
              setTrashing(event.target.checked);
            }}
          />
          <span>
            {t("planTrash")}
            <small>{t("planTrashText")}</small>
          </span>
        </label>
      ) : null}
    </Modal>
  );
}

function PlanParts({ plan }: { plan: Plan }) {
  const preview: Preview | null = plan.preview;
  const leftOver = leftOverOf(plan, (path) => connections.latest.get(path)?.status.queued);
  // What is stopped already does not stop.
  const meanwhile = [...(preview?.changed ?? []), ...(preview?.removed ?? [])].filter(
    (path) => processors.latest.get(path)?.status.state !== "stopped",
  );
  return (
    <>
      {plan.changes.length > 0 ? (
        <section className="plan-part">
          <h3>{t("planChanges")}</h3>
          <ul>
            {plan.changes.map((change, index) => (
              <ChangeLine key={index} change={change} />
            ))}
          </ul>
        </section>
      ) : null}
      {meanwhile.length > 0 ? (
        <section className="plan-part">
          <h3>{t("planStops")}</h3>
          <ul>
            {meanwhile.map((path) => (
              <li key={path}>
                {path} <Waiting waiting={waitingFor(preview?.queues ?? [], path)} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {leftOver.length > 0 ? (
        <section className="plan-part">
          <h3>{t("planQueues")}</h3>
          <ul>
            {leftOver.map(({ path, flowfiles }) => (
              <li key={path}>
                <span className="badge warn">
                  {plural(flowfiles, "flowfileOne", "flowfileMany")}
                </span>
                {path}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {preview ? (
        <p className="muted">{plural(preview.kept, "planKeptOne", "planKeptMany")}</p>
      ) : null}
    </>
  );
}

function Waiting({ waiting }: { waiting: ReturnType<typeof waitingFor> }) {
  if (!waiting) return null;
  const flowfiles = plural(waiting.flowfiles, "flowfileOne", "flowfileMany");
  return (
    <span className="muted">{t("planWaiting", { flowfiles, bytes: bytes(waiting.bytes) })}</span>
  );
}
