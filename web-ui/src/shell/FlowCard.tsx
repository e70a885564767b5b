/** A flow among others: what it is for, and what it is doing now. */
import { ArrowRight, Ban, CircleAlert, LoaderCircle, Lock, Play, Square } from "lucide-react";
import type { FlowStatus, FlowSummary, RunState } from "../api/types";
import { count, sentence } from "../messages/format";
import { plural, t, type MessageKey } from "../messages";
import { useFlowStatus } from "../state/engine";
import { flowHash } from "../state/route";
import { FlowCardMenu } from "./FlowCardMenu";

/** Every state by shape, word and colour. */
const STATES: Record<RunState, { name: MessageKey; tone: string; Icon: typeof Play }> = {
  running: { name: "stateRunning", tone: "good", Icon: Play },
  starting: { name: "stateChanging", tone: "", Icon: LoaderCircle },
  stopping: { name: "stateChanging", tone: "", Icon: LoaderCircle },
  stopped: { name: "stateStopped", tone: "", Icon: Square },
  disabled: { name: "stateDisabled", tone: "", Icon: Ban },
  startFailed: { name: "stateStartFailed", tone: "bad", Icon: CircleAlert },
};

interface Props {
  flow: FlowSummary;
  onDelete: () => void;
}

export function FlowCard({ flow, onDelete }: Props) {
  const status = useFlowStatus(flow.name);
  const { trouble } = flow;
  return (
    <div className="flow-card">
      <div className="flow-card-head">
        {/* All of the card leads there. */}
        <a className="flow-card-link" href={flowHash(flow.name, "")}>
          {flow.name}
        </a>
        <FlowCardMenu flow={flow.name} onDelete={onDelete} />
      </div>
      <p>{flow.description}</p>
      {trouble === null ? null : (
        <p className="flow-card-trouble">
          <Lock size={14} aria-hidden />
          <span>
            <strong>{t("flowShut")}</strong> {sentence(trouble)}
          </span>
        </p>
      )}
      <span className="flow-card-state">
        {flow.isRunning ? null : (
          <span className="badge warn" title={t("flowIdleText")}>
            <CircleAlert size={12} aria-hidden /> {t("flowIdle")}
          </span>
        )}
        {flow.isRunning && status ? <Running status={status} /> : null}
      </span>
      <span className="flow-card-foot">
        <span>
          {/* Of what does not run the list knows no processors. */}
          {flow.isRunning ? plural(flow.processors.length, "processorOne", "processorMany") : null}
        </span>
        <ArrowRight size={15} aria-hidden />
      </span>
    </div>
  );
}

function Running({ status }: { status: FlowStatus }) {
  const { name, tone, Icon } = STATES[status.state];
  const faulty = status.processors.filter(({ state }) => state === "startFailed").length;
  // Those of the server itself are told of with every flow.
  const errors = status.bulletins.filter(
    (each) => each.level === "error" && each.flow === status.name,
  ).length;
  return (
    <>
      <span className={`badge ${tone}`}>
        <Icon size={11} fill={name === "stateRunning" ? "currentColor" : "none"} aria-hidden />
        {t(name)}
      </span>
      {faulty > 0 ? (
        <span className="badge bad">{plural(faulty, "cannotStartOne", "cannotStartMany")}</span>
      ) : null}
      {errors > 0 ? (
        <span className="badge bad">{plural(errors, "errorToldOne", "errorToldMany")}</span>
      ) : null}
      {status.queued > 0 ? <span>{t("flowQueued", { count: count(status.queued) })}</span> : null}
    </>
  );
}
