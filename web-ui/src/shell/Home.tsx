/** The flows of the server. The bare address opens the only one at once, where there is one. */
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { ArrowRight, AudioLines, Plus } from "lucide-react";
import { api, problemIn, whyOf } from "../api/client";
import { saidOf } from "../api/problems";
import type { FlowSummary } from "../api/types";
import { Button } from "../components/Button";
import { plural, t } from "../messages";
import { queries } from "../state/catalog";
import { flowHash } from "../state/route";
import { toast } from "../state/ui";
import { PlainPage } from "./PlainPage";

const NewFlowDialog = lazy(() => import("./NewFlowDialog"));

export default function Home({ isList }: { isList: boolean }) {
  const { data, error } = useQuery({
    queryKey: ["flows"],
    queryFn: api.flows,
    staleTime: 5000,
    refetchInterval: 5000,
  });
  const [isNew, setNew] = useState(false);
  const only = data?.length === 1 ? data[0] : undefined;
  useEffect(() => {
    if (only && !isList) location.replace(flowHash(only.name, ""));
  }, [only, isList]);
  const begin = () => {
    setNew(true);
  };
  return (
    <PlainPage>
      <div className="home-head">
        <h1>{t("flows")}</h1>
        {data && data.length > 0 ? (
          <div className="home-actions">
            <Button onClick={() => void openDemo()}>{t("tryDemo")}</Button>
            <Button tone="primary" onClick={begin}>
              <Plus size={15} aria-hidden /> {t("newFlow")}
            </Button>
          </div>
        ) : null}
      </div>
      {error ? <p className="problem-text">{whyOf(error)}</p> : null}
      {data?.length === 0 ? (
        <div className="empty home-empty">
          <AudioLines size={36} aria-hidden />
          <h2>{t("noFlows")}</h2>
          <p>{t("noFlowsText")}</p>
          <div className="home-actions">
            <Button tone="primary" onClick={() => void openDemo()}>
              {t("tryDemo")}
            </Button>
            <Button onClick={begin}>
              <Plus size={15} aria-hidden /> {t("newFlow")}
            </Button>
          </div>
        </div>
      ) : null}
      <ul className="flow-cards">
        {data?.map((flow) => (
          <li key={flow.name}>
            <FlowCard flow={flow} />
          </li>
        ))}
      </ul>
      {isNew ? (
        <Suspense>
          <NewFlowDialog
            onClose={() => {
              setNew(false);
            }}
          />
        </Suspense>
      ) : null}
    </PlainPage>
  );
}

/** The demo, made when it is not there yet. */
async function openDemo(): Promise<void> {
  try {
    await api.makeDemo();
    await queries.invalidateQueries({ queryKey: ["flows"] });
  } catch (error) {
    const problem = problemIn(error);
    if (problem.status !== 409) {
      toast({ tone: "error", title: problem.title, detail: saidOf(problem) });
      return;
    }
  }
  location.hash = flowHash("demo", "");
}

function FlowCard({ flow }: { flow: FlowSummary }) {
  return (
    <a className="flow-card" href={flowHash(flow.name, "")}>
      <strong>{flow.name}</strong>
      <p>{flow.description}</p>
      <span className="flow-card-foot">
        {flow.isRunning ? (
          plural(flow.processors.length, "processorOne", "processorMany")
        ) : (
          <span className="badge">{t("notApplied")}</span>
        )}
        <ArrowRight size={15} aria-hidden />
      </span>
    </a>
  );
}
