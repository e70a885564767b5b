/** What came out of a run: flowfiles beside the sample, the fault with its line, and the log. */
import { useState } from "react";
import {
  ArrowRight,
  CircleAlert,
  CircleCheck,
  Info,
  TriangleAlert,
  type LucideIcon,
} from "lucide-react";
import type { TrialLine, TrialReport, TrialResult } from "../api/types";
import { TabRow } from "../components/TabRow";
import { plural, t } from "../messages";
import { bytes, duration } from "../messages/format";
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
  return (
    <section className="report" aria-label={t("benchOut")}>
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

function Summary({ report }: { report: TrialReport }) {
  const { sent, left, log, tookMs, memoryBytes } = report;
  const isBad = log.some(({ level }) => level === "error");
  const Icon = isBad ? CircleAlert : CircleCheck;
  return (
    <div className={isBad ? "report-summary bad" : "report-summary good"}>
      <Icon size={16} aria-hidden />
      <div>
        <strong>
          {isBad
            ? t("benchFailed")
            : sent.length > 0
              ? plural(sent.length, "benchDoneOne", "benchDoneMany")
              : left > 0
                ? plural(left, "benchLeftOne", "benchLeftMany")
                : t("benchSentNone")}
        </strong>
        {left > 0 && (isBad || sent.length > 0) ? (
          <p>{plural(left, "benchLeftOne", "benchLeftMany")}</p>
        ) : null}
      </div>
      <span className="report-cost">
        {duration(tookMs)}
        {memoryBytes === null ? null : ` · ${t("benchMemory", { bytes: bytes(memoryBytes) })}`}
      </span>
    </div>
  );
}

/** What failed in the script itself, each at its line. */
function Faults({ log, onLine }: { log: readonly TrialLine[]; onLine: (line: number) => void }) {
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
  const attributes = compareAttributes(sample, result.attributes);
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

const LEVELS: Record<TrialLine["level"], LucideIcon> = {
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

function Log({ log, onLine }: { log: readonly TrialLine[]; onLine: (line: number) => void }) {
  return (
    <section className="log">
      <h3>{t("benchLog")}</h3>
      {log.length === 0 ? <p className="muted">{t("benchLogNone")}</p> : null}
      <ol>
        {log.map(({ level, message }, at) => {
          const Icon = LEVELS[level];
          const fault = faultIn(message);
          return (
            <li key={at} className={`log-line ${level}`}>
              <Icon size={13} role="img" aria-label={t(LEVEL_NAMES[level])} />
              <pre>{message}</pre>
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
