/** Who changed what of the flow, and when; each can be taken back, and the flow goes back to each. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, whyOf } from "../api/client";
import type { Operation } from "../api/types";
import { Button } from "../components/Button";
import { ChangeLine } from "../components/ChangeLine";
import { Modal } from "../components/Modal";
import { Pager } from "../components/Pager";
import { toldChanges } from "../graph/toldChanges";
import { moment } from "../messages/format";
import { isToUndo, takenBackBy } from "./revisions";
import { plural, t } from "../messages";
import { flowName, useDraft } from "../state/draft";
import { rollback, undoOne } from "../state/openFlow";
import { useRefusal, useUser } from "../state/user";
import "../styles/operations.css";

const PAGE = 50;
/** The most operations that a preview of going back names. */
const PREVIEW = 200;
/** The most things of an operation that are shown. */
const TOLD_MAX = 3;
/** How a server without users calls everybody. */
const NOBODY = "local";

export default function OperationsDialog({ onClose }: { onClose: () => void }) {
  const flow = flowName();
  const revision = useDraft((state) => state.revision);
  // Pages go back from the newest: each begins with the revision that it ends with.
  const [ends, setEnds] = useState<readonly number[]>([Infinity]);
  const [takenBack, setTakenBack] = useState<ReadonlySet<number>>(new Set());
  // A flow has a first revision also where nothing of it was applied yet.
  const applied = useDraft((state) => (state.isRunning ? state.applied : undefined));
  const me = useUser((state) => state.user?.name ?? NOBODY);
  const [target, setTarget] = useState<Operation | undefined>();
  const end = Math.min(ends.at(-1) ?? revision, revision);
  const after = Math.max(0, end - PAGE);
  const { data, error, isFetching } = useQuery({
    queryKey: ["operations", flow, after, end],
    queryFn: async () => {
      const page = await api.operations(flow, after, PAGE);
      // Later pages are seen first: they have what was taken back of earlier ones.
      setTakenBack((before) => new Set([...before, ...takenBackBy(page.operations)]));
      return page;
    },
    staleTime: 0,
    gcTime: 0,
    placeholderData: (last) => last,
  });
  const operations = (data?.operations ?? []).filter((each) => each.revision <= end).reverse();
  const oldest = operations.at(-1)?.revision ?? 1;
  const hasEarlier = after > 0 && operations.length > 0;
  return (
    <Modal title={t("operationsTitle")} onClose={onClose} size="wide">
      {error ? <p className="problem-text">{whyOf(error)}</p> : null}
      {target ? (
        <Rollback
          key={target.revision}
          target={target}
          onEnd={() => {
            setTarget(undefined);
          }}
        />
      ) : null}
      <div className="operations-head">
        {operations.length > 0 ? (
          <span>
            {t("operationsShown", {
              from: oldest,
              to: operations[0]?.revision ?? 0,
              all: revision,
            })}
            {` · ${applied === undefined ? t("notApplied") : t("revisionRuns", { revision: applied })}`}
          </span>
        ) : null}
        <span className="grow" />
        <Pager
          labels={{ back: t("operationsNewer"), on: t("operationsOlder") }}
          starts={ends}
          next={hasEarlier ? after : null}
          onStarts={setEnds}
        />
      </div>
      {data && operations.length === 0 ? <div className="empty">{t("operationsNone")}</div> : null}
      <ol className="operation-list" aria-label={t("operationsTitle")} aria-busy={isFetching}>
        {operations.map((each) => (
          <Row
            key={each.revision}
            operation={each}
            isNewest={each.revision === revision}
            isApplied={each.revision === applied}
            mayUndo={isToUndo(each, me, takenBack)}
            onBackTo={setTarget}
          />
        ))}
      </ol>
    </Modal>
  );
}

const KINDS = {
  edit: undefined,
  undo: "kindUndo",
  redo: "kindRedo",
  rollback: "kindRollback",
  file: "kindFile",
} as const;

interface RowProps {
  operation: Operation;
  isNewest: boolean;
  isApplied: boolean;
  mayUndo: boolean;
  onBackTo: (operation: Operation) => void;
}

function Row({ operation, isNewest, isApplied, mayUndo, onBackTo }: RowProps) {
  const { revision, author, timeMs, label, changes } = operation;
  const kind = KINDS[operation.kind];
  const refusal = useRefusal("editor");
  const [isBusy, setBusy] = useState(false);
  return (
    <li className="operation">
      <span className="operation-revision">{revision}</span>
      <div className="operation-label">
        {kind ? <span className="badge">{t(kind)}</span> : null} {label}{" "}
        {isApplied ? <span className="badge good">{t("revisionApplied")}</span> : null}
        <Changes changes={changes} />
      </div>
      <div>
        {author}
        <small>
          <time dateTime={new Date(timeMs).toISOString()}>{moment(timeMs)}</time>
        </small>
      </div>
      <div className="operation-buttons">
        {mayUndo ? (
          <Button
            isSmall
            disabled={refusal !== undefined || isBusy}
            title={refusal}
            aria-label={t("undoRevision", { revision })}
            onClick={() => {
              setBusy(true);
              void undoOne(revision, label).then(() => {
                setBusy(false);
              });
            }}
          >
            {t("actUndo")}
          </Button>
        ) : null}
        <Button
          isSmall
          disabled={refusal !== undefined || isNewest}
          title={refusal}
          aria-label={t("backToRevision", { revision })}
          onClick={() => {
            onBackTo(operation);
          }}
        >
          {t("backTo")}
        </Button>
      </div>
    </li>
  );
}

/** What it changed, each with its old and its new value. */
function Changes({ changes }: { changes: Operation["changes"] }) {
  const told = toldChanges(changes);
  if (told.length === 0) return <small>{plural(changes.length, "changeOne", "changeMany")}</small>;
  return (
    <ul className="operation-changes">
      {told.slice(0, TOLD_MAX).map((change, index) => (
        <ChangeLine key={index} change={change} />
      ))}
      {told.length > TOLD_MAX ? <li>{t("andMore", { count: told.length - TOLD_MAX })}</li> : null}
    </ul>
  );
}

/** What going back takes away, before it is done. */
function Rollback({ target, onEnd }: { target: Operation; onEnd: () => void }) {
  const flow = flowName();
  const revision = useDraft((state) => state.revision);
  const { data, error } = useQuery({
    queryKey: ["operations", flow, target.revision, revision, "preview"],
    queryFn: () => api.operations(flow, target.revision, PREVIEW),
    staleTime: 0,
    gcTime: 0,
  });
  const [isBusy, setBusy] = useState(false);
  const count = revision - target.revision;
  return (
    <section className="rollback" aria-label={t("backToRevision", { revision: target.revision })}>
      <strong>{t("rollbackTo", { revision: target.revision, label: target.label })}</strong>
      <p>{plural(count, "rollbackOne", "rollbackMany")}</p>
      {error ? <p className="problem-text">{whyOf(error)}</p> : null}
      <ul>
        {data?.operations.map((each) => (
          <li key={each.revision}>
            {each.label} <span className="muted">{each.author}</span>
          </li>
        ))}
        {data && data.next !== null ? <li>{t("andMore", { count: count - PREVIEW })}</li> : null}
      </ul>
      <div className="operation-buttons">
        <Button
          tone="danger"
          disabled={isBusy || data === undefined}
          onClick={() => {
            setBusy(true);
            void rollback(target.revision).then(onEnd);
          }}
        >
          {t("backTo")}
        </Button>
        <Button onClick={onEnd}>{t("cancel")}</Button>
      </div>
    </section>
  );
}
