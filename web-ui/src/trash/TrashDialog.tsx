/** What was thrown away: brought back, or given up for good. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Trash2 } from "lucide-react";
import { api, whyOf } from "../api/client";
import type { TrashedQueue } from "../api/types";
import { Asked } from "../components/Asked";
import { Button } from "../components/Button";
import { ConnectionSelect } from "../components/ConnectionSelect";
import { Modal } from "../components/Modal";
import { bytes, moment } from "../messages/format";
import { plural, t } from "../messages";
import { useConnectionPaths } from "../state/live";
import { flowName } from "../state/draft";
import { announce, dismissAbout } from "../state/ui";
import { useRefusal } from "../state/user";
import "../styles/trash.css";

export default function TrashDialog({ onClose }: { onClose: () => void }) {
  const flow = flowName();
  const client = useQueryClient();
  const [problem, setProblem] = useState<string | undefined>();
  const { data, error } = useQuery({
    queryKey: ["trash", flow],
    queryFn: () => api.trash(flow),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const connections = useConnectionPaths();
  const end = async (work: Promise<{ flowfiles: number }>, one: "restored" | "discarded") => {
    try {
      const { flowfiles } = await work;
      setProblem(undefined);
      // What was told of the trash before is not so any more.
      dismissAbout("trash");
      announce(
        one === "restored"
          ? plural(flowfiles, "trashRestoredOne", "trashRestoredMany")
          : plural(flowfiles, "trashDiscardedOne", "trashDiscardedMany"),
      );
    } catch (refusal) {
      setProblem(whyOf(refusal));
    }
    await client.invalidateQueries({ queryKey: ["trash", flow] });
  };
  const told = problem ?? (error ? whyOf(error) : undefined);
  return (
    <Modal title={t("trashTitle")} onClose={onClose} size="wide">
      {told === undefined ? null : (
        <p className="problem-text" role="alert">
          {told}
        </p>
      )}
      {data?.queues.length === 0 ? (
        <div className="empty">
          <Trash2 size={20} aria-hidden />
          {t("trashEmpty")}
        </div>
      ) : null}
      <ul className="trash-list" aria-label={t("trashTitle")}>
        {data?.queues.map((each) => (
          <Thrown
            key={each.id}
            queue={each}
            connections={connections}
            onRestore={(connection) => end(api.restoreTrash(flow, each.id, connection), "restored")}
            onDiscard={() => end(api.discardTrash(flow, each.id), "discarded")}
          />
        ))}
      </ul>
    </Modal>
  );
}

interface ThrownProps {
  queue: TrashedQueue;
  /** Those of the flow that runs. */
  connections: string[];
  onRestore: (connection: string) => Promise<void>;
  onDiscard: () => Promise<void>;
}

function Thrown({ queue, connections, onRestore, onDiscard }: ThrownProps) {
  const same = connections.includes(queue.connection) ? queue.connection : undefined;
  const [chosen, setChosen] = useState<string | undefined>();
  const [isAsked, setAsked] = useState(false);
  const refusal = useRefusal("operator");
  const into = chosen ?? same ?? "";
  return (
    <li className="trash-item">
      <div>
        <strong>{queue.connection}</strong>
        <p className="muted">
          {plural(queue.flowfiles, "flowfileOne", "flowfileMany")}, {bytes(queue.bytes)} ·{" "}
          {queue.sinceMs === null || queue.untilMs === null
            ? t("trashLeftOver")
            : t("trashSince", { since: moment(queue.sinceMs), until: moment(queue.untilMs) })}
        </p>
      </div>
      {isAsked ? (
        <div className="trash-acts">
          <Asked
            text={t("trashAsk")}
            act={t("trashDiscard")}
            onAct={() => void onDiscard()}
            onCancel={() => {
              setAsked(false);
            }}
          />
        </div>
      ) : (
        <div className="trash-acts">
          <ConnectionSelect
            label={t("trashInto")}
            connections={connections}
            value={into}
            onValue={setChosen}
          />
          <Button
            isSmall
            disabled={into === "" || refusal !== undefined}
            title={refusal}
            onClick={() => void onRestore(into)}
          >
            {t("trashRestore")}
          </Button>
          <Button
            isSmall
            tone="danger"
            disabled={refusal !== undefined}
            title={refusal}
            onClick={() => {
              setAsked(true);
            }}
          >
            {t("trashDiscard")}
          </Button>
        </div>
      )}
    </li>
  );
}
