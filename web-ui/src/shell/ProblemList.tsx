/** Everything that is wrong with the draft; a click leads to it. */
import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import { join } from "../graph/tree";
import { missingIn, type Located } from "../graph/findings";
import { t } from "../messages";
import { useDraft } from "../state/draft";
import { openParameters, reveal } from "../state/navigate";
import { useUi } from "../state/ui";

const SHOWN_MAX = 200;

export default function ProblemList() {
  const findings = useDraft((state) => state.findings);
  if (findings.all.length === 0) {
    return (
      <div className="empty">
        <CircleCheck size={20} className="good" aria-hidden />
        {t("noProblems")}
      </div>
    );
  }
  return (
    <ul className="rows">
      {findings.all.slice(0, SHOWN_MAX).map((located, index) => (
        <li key={index}>
          <ProblemRow located={located} />
        </li>
      ))}
      {findings.all.length > SHOWN_MAX ? (
        <li className="muted">{t("andMore", { count: findings.all.length - SHOWN_MAX })}</li>
      ) : null}
    </ul>
  );
}

function ProblemRow({ located }: { located: Located }) {
  const { finding, group, name, kind } = located;
  const missing = missingIn(finding);
  const help = missing ? t("valueHelp", { name: missing.name }) : finding.help;
  const isError = finding.severity === "error";
  const Icon = isError ? CircleAlert : TriangleAlert;
  return (
    <button
      type="button"
      className="row"
      onClick={() => {
        if (missing) {
          openParameters(missing.path);
          return;
        }
        if (!kind) return;
        reveal(group, kind === "service" ? "" : name, kind === "connection");
        useUi.setState({ isPanelOpen: true });
      }}
    >
      <Icon size={15} className={isError ? "bad" : "warn"} aria-label={finding.severity} />
      <span className="row-where">
        {missing ? missing.name : kind ? join(group, name) : t("flow")}
      </span>
      <span className="row-text">
        {finding.message}
        {help === null ? null : <small>{help}</small>}
      </span>
      <code className="row-side">{finding.code}</code>
    </button>
  );
}
