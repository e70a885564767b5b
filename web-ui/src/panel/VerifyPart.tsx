/** Tries out whether a processor could work, as it is in the draft. */
import { useState } from "react";
import { CircleAlert, CircleCheck, CircleMinus, ShieldCheck } from "lucide-react";
import { api, problemIn } from "../api/client";
import { saidOf } from "../api/problems";
import type { Verification } from "../api/types";
import { Button } from "../components/Button";
import { asFlow, groupAt, join, thingAt, type ProcessorTree } from "../graph/tree";
import { plural, t } from "../messages";
import { flowName, useDraft } from "../state/draft";
import { settled } from "../state/openFlow";
import { announce } from "../state/ui";
import { useRefusal } from "../state/user";
import type { Owner } from "../state/members";

const LOOKS = {
  passed: { Icon: CircleCheck, name: "verifyPassed" },
  failed: { Icon: CircleAlert, name: "verifyFailed" },
  skipped: { Icon: CircleMinus, name: "verifySkipped" },
} as const;

interface Outcome {
  /** What was tried: another is another thing. */
  of: string;
  checks: Verification[];
  problem: string | undefined;
}

export function VerifyPart({ owner, processor }: { owner: Owner; processor: ProcessorTree }) {
  const [outcome, setOutcome] = useState<Outcome | undefined>();
  const [isTrying, setTrying] = useState(false);
  const refusal = useRefusal("editor");
  const tryOut = async () => {
    setTrying(true);
    // What was typed last is tried, too.
    await settled();
    const { flow } = useDraft.getState().documents;
    const now = thingAt(groupAt(asFlow(flow), owner.group), "processor", owner.name);
    const made = { of: JSON.stringify(now), checks: [], problem: undefined };
    try {
      const { checks } = await api.verify(flowName(), join(owner.group, owner.name));
      setOutcome({ ...made, checks });
      const failed = checks.filter((each) => each.outcome === "failed").length;
      announce(failed === 0 ? t("verifyGood") : plural(failed, "verifyBadOne", "verifyBadMany"));
    } catch (error) {
      const problem = problemIn(error);
      setOutcome({ ...made, problem: saidOf(problem) });
    }
    setTrying(false);
  };
  const shown = outcome?.of === JSON.stringify(processor) ? outcome : undefined;
  return (
    <section className="verify">
      <div className="verify-head">
        <Button
          isSmall
          disabled={isTrying || refusal !== undefined}
          title={refusal}
          onClick={() => void tryOut()}
        >
          <ShieldCheck size={14} aria-hidden /> {t("verify")}
        </Button>
        <p className="muted">{isTrying ? t("verifying") : t("verifyText")}</p>
      </div>
      {shown?.problem === undefined ? null : (
        <p className="problem-text" role="alert">
          {shown.problem}
        </p>
      )}
      {shown && shown.checks.length > 0 ? (
        <ul className="checks" aria-label={t("verifyChecks")}>
          {shown.checks.map(({ name, outcome: how, explanation, help }) => {
            const { Icon, name: said } = LOOKS[how];
            return (
              <li key={`${name} ${explanation}`} className={`check-line ${how}`}>
                <Icon size={15} role="img" aria-label={t(said)} />
                <div>
                  <strong>{name}</strong>
                  <p>{explanation}</p>
                  {help === null ? null : <p className="check-help">{help}</p>}
                </div>
              </li>
            );
          })}
        </ul>
      ) : null}
    </section>
  );
}
