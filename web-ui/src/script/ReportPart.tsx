/** What came out of a run: flowfiles beside the sample, the fault with its line, and the log. */
import { useEffect, useRef, useState } from "react";
import {
  ArrowRight,
  CircleAlert,
  CircleCheck,
  Info,
  TriangleAlert,
  type LucideIcon,
} from "lucide-react";
import type { Bulletin, TrialReport, TrialResult } from "../api/types";
import { TabRow } from "../components/TabRow";
import { plural, t } from "../messages";
import { bytes, duration, sentence } from "../messages/format";
import type { Run } from "./trial";
import { compareAttributes, compareRuns, shownContent, type AttributeChange } from "./compare";
import { DiffView } from "./DiffView";
import { faultIn, faultsIn } from "./faults";

interface Props {
  run: Run;
  before: Run | undefined;
  onLine: (line: number) => void;
}

export function ReportPart({ run, before, onLine }: Props) {
  const [view, setView] = useState<"out" | "against">("out");
  const { report } = run;
  const part = useRef<HTMLElement>(null);
  useEffect(() => {
    // Whoever runs it wants to see how that went.
    part.current?.querySelector(".report-summary")?.scrollIntoView({ block: "nearest" });
  }, [run]);
  return (
    <section className="report" aria-label={t("benchOut")} ref={part}>
      <Summary report={report} />
      <Faults log={report.log} onLine={onLine} />
      <TabRow
        label={t("benchView")}
        tabs={[
          { id: "out", text: t("benchOut") },
          { id: "against", text: t("benchAgainst") },
        ]}
        chosen={view}
        onChoose={setView}
      />
      {view === "out" ? (
        <>
          {report.sent.map((result, at) => (
            <Result key={at} number={at + 1} result={result} sample={run.attributes} />
          ))}
          <Log log={report.log} onLine={onLine} />
        </>
      ) : (
        <Against report={report} before={before?.report} />
      )}
    </section>
  );
}

const TONES = { good: CircleCheck, warn: TriangleAlert, bad: CircleAlert } as const;

function Summary({ report }: { report: TrialReport }) {
  const { sentCount, left, log, tookMs, meters, unended } = report;
  const hasFailed = log.some(({ level }) => level === "error");
  const tone = hasFailed ? "bad" : left > 0 || unended !== null ? "warn" : "good";
  const Icon = TONES[tone];
  const memory = meters.find(({ name }) => name === "memory");
  const waits = left > 0 ? plural(left, "benchLeftOne", "benchLeftMany") : undefined;
  const came = sentCount > 0 ? plural(sentCount, "benchDoneOne", "benchDoneMany") : undefined;
  const [first, ...others] = [
    hasFailed ? t("benchFailed") : undefined,
    came,
    waits,
    unended === null ? undefined : sentence(unended),
    sentCount > report.sent.length ? t("benchFirst", { count: report.sent.length }) : undefined,
  ].filter((each) => each !== undefined);
  return (
    <div className={`report-summary ${tone}`}>
      <Icon size={16} aria-hidden />
      <div>
        <strong>{first ?? t("benchSentNone")}</strong>
        {others.length > 0 ? <p>{others.join(" ")}</p> : null}
      </div>
      <span className="report-cost">
        {duration(tookMs)}
        {memory ? <small>{t("benchMemory", { bytes: bytes(memory.most) })}</small> : null}
      </span>
    </div>
  );
}

/** What failed in the script itself, each at its line. */
function Faults({ log, onLine }: { log: readonly Bulletin[]; onLine: (line: number) => void }) {
  const faults = faultsIn(log.filter(({ level }) => level === "error").map((each) => each.message));
  return faults.map(({ line, message }) => (
    <button
      key={line}
      type="button"
      className="report-fault"
      title={t("benchToLine", { line })}
      onClick={() => {
        onLine(line);
      }}
    >
      <span className="badge bad">{t("benchAtLine", { line })}</span>
      <code>{message}</code>
    </button>
  ));
}

interface ResultProps {
  number: number;
  result: TrialResult;
  sample: Readonly<Record<string, string>>;
}

function Result({ number, result, sample }: ResultProps) {
  // The engine gives a uuid to what has none.
  const { uuid } = result.attributes;
  const given = { ...(uuid === undefined ? {} : { uuid }), ...sample };
  const attributes = compareAttributes(given, result.attributes);
  const changed = attributes.filter(({ kind }) => kind !== "same");
  const same = attributes.filter(({ kind }) => kind === "same");
  return (
    <article className="result" aria-label={t("benchResult", { number })}>
      <header className="result-head">
        <ArrowRight size={14} aria-hidden />
        <Relationship name={result.relationship} />
        <span className="grow" />
        <span className="muted">{bytes(result.bytes)}</span>
      </header>
      {changed.length > 0 ? (
        <AttributeList changes={changed} />
      ) : (
        <p className="muted result-note">{t("benchNoAttributes")}</p>
      )}
      {same.length > 0 && changed.length > 0 ? (
        <details className="result-same">
          <summary>{plural(same.length, "benchSameOne", "benchSameMany")}</summary>
          <AttributeList changes={same} />
        </details>
      ) : null}
      <Content result={result} />
    </article>
  );
}

function Relationship({ name }: { name: string }) {
  const tone = name === "failure" ? "bad" : name === "success" ? "good" : "accent";
  return <span className={`badge ${tone}`}>{name}</span>;
}

const MARKS = {
  added: { tone: "good", name: "benchNew" },
  changed: { tone: "accent", name: "benchChanged" },
  removed: { tone: "bad", name: "benchRemoved" },
} as const;

function AttributeList({ changes }: { changes: readonly AttributeChange[] }) {
  return (
    <dl className="result-attributes">
      {changes.map(({ name, kind, before, after }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {kind === "changed" || kind === "removed" ? <del>{before}</del> : null}{" "}
            {kind === "changed" ? <ins>{after}</ins> : kind === "removed" ? null : after}
          </dd>
          {kind === "same" ? null : (
            <dd className="result-mark">
              <span className={`badge ${MARKS[kind].tone}`}>{t(MARKS[kind].name)}</span>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

function Content({ result }: { result: TrialResult }) {
  const { isWhole, bytes: size } = result;
  const text = shownContent(result);
  if (result.unread !== null) return <p className="problem-text">{sentence(result.unread)}</p>;
  if (text === undefined) {
    return <p className="muted result-note">{t("benchBytesOnly", { size: bytes(size) })}</p>;
  }
  if (text === "") return <p className="muted result-note">{t("benchEmpty")}</p>;
  return (
    <>
      <pre className="content-text" tabIndex={0} aria-label={t("benchText")}>
        {text}
      </pre>
      {isWhole ? null : (
        <p className="muted result-note">{t("benchBeginning", { size: bytes(size) })}</p>
      )}
    </>
  );
}

const LEVELS: Record<Bulletin["level"], LucideIcon> = {
  debug: Info,
  info: Info,
  warning: TriangleAlert,
  error: CircleAlert,
};
const LEVEL_NAMES = {
  debug: "levelDebug",
  info: "levelInfo",
  warning: "levelWarning",
  error: "levelError",
} as const;

function Log({ log, onLine }: { log: readonly Bulletin[]; onLine: (line: number) => void }) {
  return (
    <section className="log">
      <h3>{t("benchLog")}</h3>
      {log.length === 0 ? <p className="muted">{t("benchLogNone")}</p> : null}
      <ol>
        {log.map(({ level, message, help }, at) => {
          const Icon = LEVELS[level];
          const fault = faultIn(message);
          return (
            <li key={at} className={`log-line ${level}`}>
              <Icon size={13} role="img" aria-label={t(LEVEL_NAMES[level])} />
              <div>
                <pre>{message}</pre>
                {help === null ? null : <p className="muted">{sentence(help)}</p>}
              </div>
              {fault ? (
                <button
                  type="button"
                  className="log-place"
                  onClick={() => {
                    onLine(fault.line);
                  }}
                >
                  {t("benchAtLine", { line: fault.line })}
                </button>
              ) : null}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

interface AgainstProps {
  report: TrialReport;
  before: TrialReport | undefined;
}

/** What differs from the run before. */
function Against({ report, before }: AgainstProps) {
  if (!before) return <p className="muted result-note">{t("benchNoRunBefore")}</p>;
  const changes = compareRuns(before, report);
  if (changes.every(({ isSame }) => isSame)) {
    return (
      <p className="result-note">
        <CircleCheck size={14} aria-hidden /> {t("benchSame")}
      </p>
    );
  }
  return changes.map(({ before: old, after: now, attributes, content, isSame }, at) => (
    <article key={at} className="result" aria-label={t("benchResult", { number: at + 1 })}>
      <header className="result-head">
        <strong>{t("benchResult", { number: at + 1 })}</strong>
        {old === undefined && now !== undefined ? (
          <>
            <Relationship name={now.relationship} /> <span>{t("benchMore")}</span>
          </>
        ) : old !== undefined && now === undefined ? (
          <>
            <Relationship name={old.relationship} /> <span>{t("benchLess")}</span>
          </>
        ) : old?.relationship !== now?.relationship ? (
          <span>
            {t("benchWayChanged", {
              after: now?.relationship ?? "",
              before: old?.relationship ?? "",
            })}
          </span>
        ) : (
          <Relationship name={now?.relationship ?? ""} />
        )}
      </header>
      {isSame ? <p className="muted result-note">{t("benchSame")}</p> : null}
      {attributes.length > 0 ? <AttributeList changes={attributes} /> : null}
      {content?.some(({ kind }) => kind !== "same") ? (
        <DiffView label={t("diffLabel")} lines={content} />
      ) : null}
      {content === undefined && old && now && old.bytes !== now.bytes ? (
        <p className="result-note">
          {t("benchContentOther", { before: bytes(old.bytes), after: bytes(now.bytes) })}
        </p>
      ) : null}
    </article>
  ));
}
