/** What is wrong with a processor as a whole; what is only not done yet takes one line. */
import { CircleDashed } from "lucide-react";
import type { Finding } from "../api/types";
import { unfinishedIn, type Unfinished } from "../graph/unfinished";
import { t } from "../messages";
import { Findings } from "../components/Fields";

export function OwnFindings({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  const unfinished = unfinishedIn(findings);
  const what = textOf(unfinished);
  return (
    <div className="panel-findings">
      {what === "" ? null : (
        <p className="unfinished">
          <CircleDashed size={14} aria-hidden />
          <span>{t("unfinished", { what })}</span>
        </p>
      )}
      <Findings findings={unfinished.others} />
    </div>
  );
}

function textOf({ properties, relationships, isInputMissing }: Unfinished): string {
  const said = (names: readonly string[], key: "unfinishedNeeds" | "unfinishedNowhere") =>
    names.length === 0 ? "" : t(key, { names: names.join(", ") });
  return [
    said(properties, "unfinishedNeeds"),
    said(relationships, "unfinishedNowhere"),
    isInputMissing ? t("unfinishedInput") : "",
  ]
    .filter((each) => each !== "")
    .join("; ");
}
