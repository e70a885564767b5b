/** Beside a script: what it is tried on, what came out, and what it was before. */
import { useState } from "react";
import { FlaskConical, Play } from "lucide-react";
import { Button } from "../components/Button";
import { TabRow } from "../components/TabRow";
import { t } from "../messages";
import { shownKeys } from "../actions/registry";
import type { Owner } from "../state/members";
import { useRefusal } from "../state/user";
import { useBench } from "./trial";
import { ReportPart } from "./ReportPart";
import { SamplePart } from "./SamplePart";
import { VersionsPart } from "./VersionsPart";
import type { Version } from "./versions";

interface Props {
  flow: string;
  owner: Owner;
  property: string;
  bench: string;
  now: string;
  onRun: () => void;
  onLine: (line: number) => void;
  onBack: (version: Version) => void;
}

type Part = "try" | "history";

export function Bench(props: Props) {
  const { flow, owner, property, bench, now, onRun, onLine, onBack } = props;
  const [part, setPart] = useState<Part>("try");
  const { isRunning, problem, last, before } = useBench(bench);
  const refusal = useRefusal("editor");
  const isShut = isRunning || refusal !== undefined;
  const runHere = () => {
    setPart("try");
    onRun();
  };
  return (
    <section
      className="bench"
      aria-label={t("bench")}
      // Whoever has just written a sample runs it from there.
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || isShut) return;
        event.preventDefault();
        runHere();
      }}
    >
      <TabRow
        label={t("benchParts")}
        tabs={[
          { id: "try", text: t("benchTry") },
          { id: "history", text: t("benchHistory") },
        ]}
        chosen={part}
        onChoose={setPart}
        side={
          <Button
            tone="primary"
            isSmall
            className="bench-run"
            disabled={isShut}
            title={refusal}
            onClick={runHere}
          >
            <Play size={13} aria-hidden /> {isRunning ? t("benchRunning") : t("benchRun")}
            <kbd className="key">{shownKeys("Mod+Enter")}</kbd>
          </Button>
        }
      />
      {part === "try" ? (
        <div className="bench-body">
          <SamplePart flow={flow} owner={owner} bench={bench} />
          <div aria-live="polite" aria-busy={isRunning}>
            {problem === undefined ? null : (
              <p className="problem-text" role="alert">
                {problem}
              </p>
            )}
            {last ? (
              <ReportPart run={last} before={before} onLine={onLine} />
            ) : problem === undefined ? (
              <div className="empty">
                <FlaskConical size={20} aria-hidden />
                {t("benchNever")}
              </div>
            ) : null}
          </div>
        </div>
      ) : (
        <div className="bench-body">
          <VersionsPart flow={flow} owner={owner} property={property} now={now} onBack={onBack} />
        </div>
      )}
    </section>
  );
}
