/** Writes an expression, and shows at once what it gives on a flowfile that waits before it. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { CircleAlert } from "lucide-react";
import { api, whyOf } from "../api/client";
import type { ExpressionFault, Json } from "../api/types";
import { Button } from "../components/Button";
import { Modal } from "../components/Modal";
import { upstreamOf } from "./place";
import { parametersIn } from "../graph/scope";
import { asFlow, groupAt } from "../graph/tree";
import { t } from "../messages";
import { Field } from "../components/Fields";
import { ChangedNote } from "../components/Inputs";
import { textOf } from "../components/useTyping";
import type { Owner } from "../state/members";
import { flowName, useDraft } from "../state/draft";
import { ExpressionEditor } from "./ExpressionEditor";
import "../styles/expression.css";

/** Flowfiles that are offered of each queue. */
const SAMPLES_MAX = 20;
/** How long to wait for more letters before the expression is tried. */
const PAUSE_MS = 200;
const MADE_UP: Record<string, string> = {
  filename: "example.flac",
  path: "./",
  uuid: "00000000-0000-4000-8000-000000000000",
  "mime.type": "audio/flac",
};

interface Sample {
  id: string;
  name: string;
  attributes: Record<string, string>;
}

interface Props {
  owner: Owner;
  name: string;
  /** What it was when the dialog was opened, and what it is by now. */
  text: string;
  now: Json | undefined;
  onClose: () => void;
  onSet: (text: string) => void;
}

export default function ExpressionDialog({ owner, name, text, now, onClose, onSet }: Props) {
  const [typed, setTyped] = useState(text);
  const [chosen, setChosen] = useState<string | undefined>();
  const samples = useSamples(owner);
  const sample = samples.find((each) => each.id === chosen) ?? samples[0];
  const attributes = sample?.attributes ?? MADE_UP;
  const flow = useDraft((state) => state.documents.flow);
  const functions = useQuery({
    queryKey: ["expression-functions"],
    queryFn: api.expressionFunctions,
    retry: false,
  });
  const known = useMemo(
    () => ({
      attributes,
      functions: functions.data ?? [],
      parameters: parametersIn(asFlow(flow), owner.group),
    }),
    [attributes, functions.data, flow, owner.group],
  );
  const outcome = useOutcome(typed, attributes, owner.group);
  const fault =
    outcome.data?.result === "error"
      ? outcome.data
      : outcome.data?.result === "value"
        ? outcome.data.doubt
        : undefined;
  const takeOver = () => {
    onSet(typed);
  };
  return (
    <Modal
      title={t("expressionTitle", { name })}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button tone="primary" onClick={takeOver}>
            {t("takeOver")}
          </Button>
        </>
      }
    >
      <div className="form plain">
        <ExpressionEditor
          label={t("expressionField")}
          text={text}
          known={known}
          fault={fault ?? undefined}
          onChange={setTyped}
          onTakeOver={takeOver}
        />
        {textOf(now) === text || textOf(now) === typed ? null : <ChangedNote theirs={now} />}
        <p className="muted">{t("expressionKeys")}</p>
        <Field label={t("sample")}>
          {({ id }) => (
            <select
              id={id}
              className="input"
              value={sample?.id}
              onChange={(event) => {
                setChosen(event.target.value);
              }}
            >
              {samples.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <section className="outcome" aria-live="polite">
          <h3>{t("outcome")}</h3>
          {outcome.error ? <p className="muted">{whyOf(outcome.error)}</p> : null}
          {outcome.data?.result === "value" ? (
            <pre tabIndex={0}>
              {outcome.data.value === "" ? <em>{t("outcomeEmpty")}</em> : outcome.data.value}
            </pre>
          ) : null}
          {fault ? (
            <Fault text={typed} fault={fault} isDoubt={outcome.data?.result === "value"} />
          ) : null}
        </section>
      </div>
    </Modal>
  );
}

interface FaultProps {
  text: string;
  fault: ExpressionFault;
  isDoubt: boolean;
}

function Fault({ text, fault, isDoubt }: FaultProps) {
  const what = Array.from(text).slice(fault.start, fault.end).join("");
  return (
    <p className={isDoubt ? "warn" : "bad"}>
      <CircleAlert size={14} aria-hidden />{" "}
      {isDoubt ? `${t("outcomeDoubt")}: ` : what === "" ? "" : `${t("outcomeFault", { what })}: `}
      {fault.message}
    </p>
  );
}

/** Flowfiles that wait before the processor, and one that nobody has made. */
function useSamples(owner: Owner): Sample[] {
  const flow = flowName();
  const tree = useDraft((state) => state.documents.flow);
  const queues = upstreamOf(groupAt(asFlow(tree), owner.group), owner.group, owner.name);
  return useQueries({
    queries: queues.map((connection) => ({
      queryKey: ["samples", flow, connection],
      queryFn: () => api.queue(flow, connection, 0, SAMPLES_MAX),
      gcTime: 0,
      retry: false,
    })),
    combine: (results) => [
      ...results.flatMap(({ data }, index) =>
        (data?.flowfiles ?? []).map((each) => ({
          id: `${String(index)} ${String(each.number)}`,
          name: t("sampleIn", {
            name: each.filename ?? each.uuid,
            connection: queues[index] ?? "",
          }),
          attributes: each.attributes,
        })),
      ),
      { id: "", name: t("sampleMadeUp"), attributes: MADE_UP },
    ],
  });
}

function useOutcome(typed: string, attributes: Record<string, string>, group: string) {
  const flow = flowName();
  const [text, setText] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => {
      setText(typed);
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [typed]);
  return useQuery({
    queryKey: ["expression", flow, text, attributes, group],
    queryFn: () => api.tryExpression(flow, text, attributes, group),
    gcTime: 0,
    retry: false,
    placeholderData: (last) => last,
  });
}
