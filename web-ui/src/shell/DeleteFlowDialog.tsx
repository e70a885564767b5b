/** Deletes a flow: says what that does, and asks about what waits in it. */
import { useState } from "react";
import { CircleAlert, LoaderCircle, Trash2 } from "lucide-react";
import { problemIn } from "../api/client";
import { saidOf } from "../api/problems";
import type { LeftOverQueue } from "../api/types";
import { Button } from "../components/Button";
import { Modal } from "../components/Modal";
import { leftOverIn } from "../graph/leftOver";
import { plural, t } from "../messages";
import { useEngine, useFlowStatus } from "../state/engine";
import { deleteFlow } from "../state/openFlow";
import { toast } from "../state/ui";
import { useRefusal } from "../state/user";
import { FLOWS_PAGE } from "../state/route";

interface Props {
  flow: string;
  onClose: () => void;
}

/** How many connections are named; of more it is said how many. */
const NAMED_MAX = 6;

export default function DeleteFlowDialog({ flow, onClose }: Props) {
  const [isTrashing, setTrashing] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const [problem, setProblem] = useState<string | undefined>();
  const [refused, setRefused] = useState<LeftOverQueue[]>([]);
  const refusal = useRefusal("editor");
  const isPending = useEngine(({ flows }) => flows === undefined);
  // Nothing is told of a flow that does not run.
  const status = useFlowStatus(flow);
  const waiting = leftOverIn(status?.connections, refused);
  const isHeld = waiting.length > 0 && !isTrashing;
  const remove = async () => {
    setDeleting(true);
    setProblem(undefined);
    try {
      const { file, warning } = await deleteFlow(flow, isTrashing);
      onClose();
      const where = file === null ? t("flowDeletedNoFile") : t("flowDeletedFile", { file });
      toast({
        tone: warning === null ? "success" : "warning",
        title: t("flowDeleted", { name: flow }),
        detail: [where, warning].filter(Boolean).join(" – "),
        isLasting: true,
      });
      location.hash = FLOWS_PAGE;
    } catch (error) {
      const why = problemIn(error);
      setDeleting(false);
      setRefused(why.leftOver ?? []);
      setProblem(why.code === "notEmpty" ? t("deleteNeeds") : saidOf(why));
    }
  };
  return (
    <Modal
      title={t("deleteTitle", { name: flow })}
      onClose={onClose}
      isRead
      foot={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button
            tone="danger"
            className="deed"
            disabled={isPending || isHeld || isDeleting || refusal !== undefined}
            title={refusal ?? (isHeld ? t("deleteNeeds") : undefined)}
            onClick={() => void remove()}
          >
            {isDeleting ? (
              <LoaderCircle size={14} className="turning" aria-hidden />
            ) : (
              <Trash2 size={14} aria-hidden />
            )}
            {t(isDeleting ? "deleteDoing" : "deleteDo")}
          </Button>
        </>
      }
    >
      <div className="delete-flow">
        <p>{t(status ? "deleteStops" : "deleteEnds", { name: flow })}</p>
        <p className="muted">{t("deleteKeeps", { file: `${flow}.json.1` })}</p>
        {refusal === undefined ? null : <p className="muted">{refusal}</p>}
        {waiting.length > 0 ? <LeftOver waiting={waiting} /> : null}
        {waiting.length > 0 || isTrashing ? (
          <label className="plan-trash">
            <input
              type="checkbox"
              checked={isTrashing}
              disabled={isDeleting}
              onChange={(event) => {
                setTrashing(event.target.checked);
                setProblem(undefined);
              }}
            />
            <span>
              {t("planTrash")}
              <small>{t("deleteTrashText")}</small>
            </span>
          </label>
        ) : null}
        <div role="alert">
          {problem === undefined ? null : (
            <div className="plan-note bad">
              <CircleAlert size={16} aria-hidden />
              <span>{problem}</span>
            </div>
          )}
        </div>
      </div>
    </Modal>
  );
}

function LeftOver({ waiting }: { waiting: readonly LeftOverQueue[] }) {
  const all = waiting.reduce((sum, { flowfiles }) => sum + flowfiles, 0);
  const more = waiting.length - NAMED_MAX;
  return (
    <section className="plan-part">
      <h3>{t("deleteWaits")}</h3>
      <ul>
        {waiting.slice(0, NAMED_MAX).map(({ path, flowfiles }) => (
          <li key={path}>
            <span className="badge warn">{plural(flowfiles, "flowfileOne", "flowfileMany")}</span>
            <span className="delete-where">{path}</span>
          </li>
        ))}
        {more > 0 ? <li className="muted">{t("andMore", { count: more })}</li> : null}
      </ul>
      {waiting.length > 1 ? (
        <p className="muted">
          {t("deleteSum", {
            flowfiles: plural(all, "flowfileOne", "flowfileMany"),
            connections: plural(waiting.length, "connectionOne", "connectionMany"),
          })}
        </p>
      ) : null}
    </section>
  );
}
