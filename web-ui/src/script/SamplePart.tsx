/** What a script is tried on: a flowfile that is written here, or one that waits before it. */
import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { PencilLine, Plus, RefreshCw, X } from "lucide-react";
import { api, contentStart, contentUrl, whyOf } from "../api/client";
import type { QueuedFlowfile } from "../api/types";
import { Button, IconButton } from "../components/Button";
import { Field } from "../components/Fields";
import { upstreamOf } from "../expression/place";
import { asFlow, groupAt } from "../graph/tree";
import { t } from "../messages";
import { bytes } from "../messages/format";
import { textOf } from "../queue/content";
import { useDraft } from "../state/draft";
import type { Owner } from "../state/members";
import { attributesOf, row, setBench, useBench, type Pinned, type Row } from "./trial";
import { newestOf } from "./newest";

/** Flowfiles that are offered of each queue. */
const NEWEST = 20;
/** The most of a content that one writes on from. */
const WRITTEN_BYTES_MAX = 64 * 1024;

interface Props {
  flow: string;
  owner: Owner;
  /** What the bench is kept by. */
  bench: string;
}

export function SamplePart({ flow, owner, bench }: Props) {
  const { pinned } = useBench(bench);
  return (
    <div className="sample">
      <SampleSelect flow={flow} owner={owner} bench={bench} />
      {pinned ? (
        <PinnedSample flow={flow} pinned={pinned} bench={bench} />
      ) : (
        <WrittenSample bench={bench} />
      )}
    </div>
  );
}

const idOf = (connection: string, number: number) => `${String(number)} ${connection}`;

function pinnedOf(connection: string, flowfile: QueuedFlowfile): Pinned {
  const { number, filename, uuid, attributes, bytes: size } = flowfile;
  return { connection, number, name: filename ?? uuid, attributes, bytes: size };
}

function useNewest(flow: string, owner: Owner) {
  const tree = useDraft((state) => state.documents.flow);
  const isRunning = useDraft((state) => state.isRunning);
  const connections = useMemo(
    () => upstreamOf(groupAt(asFlow(tree), owner.group), owner.group, owner.name),
    [tree, owner.group, owner.name],
  );
  return useQueries({
    queries: connections.map((connection) => ({
      queryKey: ["newest", flow, connection],
      queryFn: () => newestOf((after, limit) => api.queue(flow, connection, after, limit), NEWEST),
      enabled: isRunning,
      staleTime: 0,
      gcTime: 0,
      retry: false,
    })),
    combine: (results) => ({
      queues: results.map(({ data }, at) => ({
        connection: connections[at] ?? "",
        flowfiles: data ?? [],
      })),
      isRunning,
      isComing: results.some(({ isFetching }) => isFetching),
      error: results.find(({ error }) => error !== null)?.error,
      again: () => {
        for (const each of results) void each.refetch();
      },
    }),
  });
}

function SampleSelect({ flow, owner, bench }: Props) {
  const { pinned } = useBench(bench);
  const { queues, isRunning, isComing, error, again } = useNewest(flow, owner);
  const all = queues.flatMap(({ connection, flowfiles }) =>
    flowfiles.map((each) => pinnedOf(connection, each)),
  );
  const chosen = pinned && idOf(pinned.connection, pinned.number);
  const isListed = all.some((each) => idOf(each.connection, each.number) === chosen);
  const note = error
    ? whyOf(error)
    : !isRunning
      ? t("benchNotRunning")
      : all.length === 0 && !isComing && queues.length > 0
        ? t("benchNothing")
        : undefined;
  return (
    <Field
      label={t("benchFrom")}
      side={
        <IconButton
          label={t("benchLookAgain")}
          isQuiet
          isSmall
          disabled={isComing || !isRunning || queues.length === 0}
          onClick={again}
        >
          <RefreshCw size={13} />
        </IconButton>
      }
    >
      {({ id }) => (
        <>
          <select
            id={id}
            className="input"
            value={chosen ?? ""}
            onChange={({ target }) => {
              const found = all.find((each) => idOf(each.connection, each.number) === target.value);
              if (found || target.value === "") setBench(bench, { pinned: found });
            }}
          >
            <option value="">{t("benchWritten")}</option>
            {pinned && !isListed ? (
              <option value={chosen}>{t("benchPinnedGone", { name: pinned.name })}</option>
            ) : null}
            {queues.map(({ connection, flowfiles }) =>
              flowfiles.length === 0 ? null : (
                <optgroup key={connection} label={t("benchNewest", { connection })}>
                  {flowfiles.map((each) => (
                    <option key={each.number} value={idOf(connection, each.number)}>
                      {t("benchPinned", {
                        name: each.filename ?? each.uuid,
                        size: bytes(each.bytes),
                      })}
                    </option>
                  ))}
                </optgroup>
              ),
            )}
          </select>
          {note === undefined ? null : <p className="muted sample-note">{note}</p>}
        </>
      )}
    </Field>
  );
}

function WrittenSample({ bench }: { bench: string }) {
  const { written } = useBench(bench);
  const set = (attributes: readonly Row[]) => {
    setBench(bench, { written: { ...written, attributes } });
  };
  const change = (id: number, part: Partial<Row>) => {
    set(written.attributes.map((each) => (each.id === id ? { ...each, ...part } : each)));
  };
  return (
    <>
      <table className="sample-table">
        <thead>
          <tr>
            <th scope="col">{t("benchAttribute")}</th>
            <th scope="col">{t("benchValue")}</th>
            <td>
              <IconButton
                label={t("benchAddAttribute")}
                isQuiet
                isSmall
                onClick={(event) => {
                  set([...written.attributes, row()]);
                  // One writes its name next.
                  const table = event.currentTarget.closest("table");
                  setTimeout(() => {
                    table?.querySelector<HTMLElement>("tbody tr:last-child input")?.focus();
                  });
                }}
              >
                <Plus size={14} />
              </IconButton>
            </td>
          </tr>
        </thead>
        <tbody>
          {written.attributes.map(({ id, name, value }, at) => (
            <tr key={id}>
              <td>
                <input
                  className="input mono"
                  aria-label={t("benchNameOf", { number: at + 1 })}
                  value={name}
                  spellCheck={false}
                  autoComplete="off"
                  onChange={({ target }) => {
                    change(id, { name: target.value });
                  }}
                />
              </td>
              <td>
                <input
                  className="input mono"
                  aria-label={t("benchValueOf", { name })}
                  value={value}
                  spellCheck={false}
                  autoComplete="off"
                  onChange={({ target }) => {
                    change(id, { value: target.value });
                  }}
                />
              </td>
              <td>
                <IconButton
                  label={t("benchRemove", { name })}
                  isQuiet
                  isSmall
                  onClick={() => {
                    set(written.attributes.filter((each) => each.id !== id));
                  }}
                >
                  <X size={13} />
                </IconButton>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Field label={t("benchText")}>
        {({ id }) => (
          <textarea
            id={id}
            className="input mono"
            rows={Math.min(8, Math.max(3, written.text.split("\n").length))}
            spellCheck={false}
            value={written.text}
            onChange={({ target }) => {
              setBench(bench, { written: { ...written, text: target.value } });
            }}
          />
        )}
      </Field>
    </>
  );
}

function PinnedSample({ flow, pinned, bench }: { flow: string; pinned: Pinned; bench: string }) {
  const { written } = useBench(bench);
  const writeOn = async () => {
    const { connection, number, attributes } = pinned;
    const rows = Object.entries(attributes).map(([name, value]) => row(name, value));
    // What is no text, or not there any more, is left as it was written.
    const text = await contentStart(
      contentUrl({ flow, connection, number }),
      WRITTEN_BYTES_MAX,
    ).then(
      (start) => textOf(start.bytes),
      () => undefined,
    );
    setBench(bench, {
      pinned: undefined,
      written: { attributes: rows, text: text ?? written.text },
    });
  };
  return (
    <>
      <dl className="sample-attributes" tabIndex={0} aria-label={t("attributes")}>
        {Object.entries(pinned.attributes).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Button isSmall onClick={() => void writeOn()}>
        <PencilLine size={13} aria-hidden /> {t("benchEdit")}
      </Button>
    </>
  );
}

/** The names of the attributes that the sample has. */
export function useSampleNames(bench: string): readonly string[] {
  const { pinned, written } = useBench(bench);
  return useMemo(
    () => Object.keys(pinned?.attributes ?? attributesOf(written)).sort(),
    [pinned, written],
  );
}
