/** The flows of the server. The bare address opens the only one at once, where there is one. */
import { useQuery } from "@tanstack/react-query";
import { lazy, useEffect, useRef, useState } from "react";
import { AudioLines } from "lucide-react";
import { api, problemIn, whyOf } from "../api/client";
import { saidOf } from "../api/problems";
import type { FlowSummary } from "../api/types";
import { t } from "../messages";
import { FLOWS, askFlowsAgain } from "../state/catalog";
import { flowHash, showFlow } from "../state/route";
import { toast } from "../state/ui";
import { Doors, type DoorDialog } from "./Doors";
import { DropFlow } from "./DropFlow";
import { FlowCard } from "./FlowCard";
import { PlainPage } from "../components/PlainPage";
import { Late } from "../components/Late";

const NewFlowDialog = lazy(() => import("./NewFlowDialog"));
const OpenFolderDialog = lazy(() => import("./OpenFolderDialog"));
const DeleteFlowDialog = lazy(() => import("./DeleteFlowDialog"));

export default function Home({ isList }: { isList: boolean }) {
  const { data, error } = useQuery({ ...FLOWS, staleTime: 0 });
  const [asked, setAsked] = useState<DoorDialog | undefined>();
  const close = () => {
    setAsked(undefined);
  };
  const [deleting, setDeleting] = useState<string | undefined>();
  const only = data?.length === 1 ? data[0] : undefined;
  // What is made from here, or is left when another is deleted, is not opened by itself.
  const isDecided = useRef(false);
  useEffect(() => {
    if (!data || isDecided.current) return;
    isDecided.current = true;
    if (only && !isList) location.replace(flowHash(only.name, ""));
  }, [data, only, isList]);
  return (
    <PlainPage>
      <div className="home-head">
        <h1>{t("flows")}</h1>
        {data && data.length > 0 ? (
          <Doors isFirst={false} onDemo={() => void openDemo(data)} onAsk={setAsked} />
        ) : null}
      </div>
      {error ? <p className="problem-text">{whyOf(error)}</p> : null}
      {data?.length === 0 ? (
        <div className="empty home-empty">
          <AudioLines size={36} aria-hidden />
          <h2>{t("noFlows")}</h2>
          <p>{t("noFlowsText")}</p>
          <Doors isFirst onDemo={() => void openDemo(data)} onAsk={setAsked} />
        </div>
      ) : null}
      <ul className="flow-cards">
        {data?.map((flow) => (
          <li key={flow.name}>
            <FlowCard
              flow={flow}
              onDelete={() => {
                setDeleting(flow.name);
              }}
            />
          </li>
        ))}
      </ul>
      <DropFlow />
      <Late key={asked ?? ""} onFail={close}>
        {asked === "new" ? <NewFlowDialog onClose={close} /> : null}
        {asked === "folder" ? <OpenFolderDialog onClose={close} /> : null}
      </Late>
      {deleting === undefined ? null : (
        <Late>
          <DeleteFlowDialog
            flow={deleting}
            onClose={() => {
              setDeleting(undefined);
            }}
          />
        </Late>
      )}
    </PlainPage>
  );
}

const DEMO = "demo";

/** The demo, made when it is not there yet. */
async function openDemo(flows: readonly FlowSummary[]): Promise<void> {
  if (flows.some(({ name }) => name === DEMO)) {
    showFlow(DEMO);
    return;
  }
  try {
    await api.makeDemo();
    await askFlowsAgain();
  } catch (error) {
    const problem = problemIn(error);
    // Somebody else has made it meanwhile.
    if (problem.status !== 409) {
      toast({ tone: "error", title: problem.title, detail: saidOf(problem) });
      return;
    }
  }
  showFlow(DEMO);
}
