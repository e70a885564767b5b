/** What a processor that runs remembers, and that it may be told to forget. */
import { useState } from "react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Eraser } from "lucide-react";
import { api, whyOf } from "../api/client";
import { Asked } from "../components/Asked";
import { Button } from "../components/Button";
import { whole } from "../messages/format";
import { join } from "../graph/tree";
import { plural, t } from "../messages";
import { flowName } from "../state/draft";
import { announce } from "../state/ui";
import { useRefusal } from "../state/user";
import type { Owner } from "../state/members";

const SHOWN_MAX = 50;

export function StatePart({ owner }: { owner: Owner }) {
  const component = join(owner.group, owner.name);
  const flow = flowName();
  const [isAsked, setAsked] = useState(false);
  const [problem, setProblem] = useState<string | undefined>();
  const refusal = useRefusal("operator");
  const client = useQueryClient();
  const queryKey = ["state", flow, component];
  const { data } = useQuery({
    queryKey,
    queryFn: () => api.state(flow, component, SHOWN_MAX),
    staleTime: 0,
    gcTime: 0,
    retry: false,
    enabled: refusal === undefined,
  });
  if (!data || data.count === 0) return null;
  const forget = async () => {
    setAsked(false);
    try {
      const { values } = await api.forgetState(flow, component);
      setProblem(undefined);
      announce(plural(values, "stateForgottenOne", "stateForgottenMany"));
    } catch (error) {
      setProblem(whyOf(error));
    }
    await client.invalidateQueries({ queryKey });
  };
  return (
    <section className="form-part state-part">
      <h3>{t("state")}</h3>
      <p className="muted">{plural(data.count, "stateOne", "stateMany")}</p>
      <dl className="attributes">
        {data.values.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {data.next === null ? null : (
        <p className="muted">{t("stateMore", { count: whole(data.count - data.values.length) })}</p>
      )}
      {problem === undefined ? null : (
        <p className="problem-text" role="alert">
          {problem}
        </p>
      )}
      {isAsked ? (
        <div className="state-ask">
          <Asked
            text={t("stateAsk")}
            act={t("stateForget")}
            onAct={() => void forget()}
            onCancel={() => {
              setAsked(false);
            }}
          />
        </div>
      ) : (
        <Button
          isSmall
          onClick={() => {
            setAsked(true);
          }}
        >
          <Eraser size={14} aria-hidden /> {t("stateForget")}
        </Button>
      )}
    </section>
  );
}
