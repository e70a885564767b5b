/** What waits in a connection. Looking takes nothing away. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Inbox, History, RefreshCw } from "lucide-react";
import { api, problemIn } from "../api/client";
import { saidOf } from "../api/problems";
import type { QueuedFlowfile } from "../api/types";
import { Button, IconButton } from "../components/Button";
import { Modal } from "../components/Modal";
import { Pager } from "../components/Pager";
import { filterOf } from "./filter";
import { bytes, duration, whole } from "../messages/format";
import { plural, t } from "../messages";
import { openProvenance } from "../state/navigate";
import { flowName } from "../state/draft";
import { useUi } from "../state/ui";
import { QueueActs } from "./QueueActs";
import { QueueFilter, QueueFound } from "./QueueFilter";
import { useSettled } from "./useSettled";
import { Viewer } from "./Viewer";

const PAGE = 50;

export default function QueueDialog({ onClose }: { onClose: () => void }) {
  const asked = useUi((state) => state.queue);
  const connection = asked?.connection ?? "";
  const flow = flowName();
  // What to ask for after, of this page and of those before it.
  const [starts, setStarts] = useState<readonly number[]>([0]);
  const after = starts.at(-1) ?? 0;
  // How many lie before the first of each of these pages.
  const [before, setBefore] = useState<readonly number[]>([0]);
  const [typed, setTyped] = useState("");
  const wanted = filterOf(useSettled(typed));
  const filter = wanted.expression;
  const [chosen, setChosen] = useState<number | undefined>(asked?.number);
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery({
    queryKey: ["queue", flow, connection, after, filter],
    queryFn: () => api.queue(flow, connection, after, PAGE, filter),
    staleTime: 0,
    gcTime: 0,
    placeholderData: (last) => last,
    retry: false,
  });
  const problem = error ? problemIn(error) : undefined;
  const isFilterWrong = problem?.code === "expression";
  const flowfile = data?.flowfiles.find((each) => each.number === chosen) ?? data?.flowfiles[0];
  const next = data?.next ?? null;
  const turn = (to: readonly number[]) => {
    const isOn = to.length > starts.length;
    // What is still shown is the page before: nobody knows yet where the next one begins.
    if (isOn && isPlaceholderData) return;
    const rows = data?.flowfiles.length ?? 0;
    setBefore(isOn ? [...before, (before.at(-1) ?? 0) + rows] : before.slice(0, to.length));
    setStarts(to);
  };
  return (
    <Modal title={t("queueTitle", { connection })} onClose={onClose} size="wide" isRead>
      <div className="queue">
        <section className="queue-list" aria-label={t("flowfiles")}>
          <div className="queue-head">
            <span>
              {data
                ? t("queueFigures", {
                    flowfiles: plural(data.count, "flowfileOne", "flowfileMany"),
                    size: bytes(data.bytes),
                  })
                : error
                  ? null
                  : t("loading")}
            </span>
            <span className="grow" />
            <IconButton
              label={t("refresh")}
              isQuiet
              isSmall
              disabled={isFetching}
              onClick={() => void refetch()}
            >
              <RefreshCw size={13} />
            </IconButton>
            <Pager
              labels={{ back: t("pageBack"), on: t("pageOn") }}
              starts={starts}
              next={next}
              onStarts={turn}
            />
          </div>
          <QueueFilter
            text={typed}
            onText={(text) => {
              setTyped(text);
              turn([0]);
            }}
            wanted={wanted}
            problem={
              wanted.isOpen
                ? t("queueFilterOpen")
                : problem && isFilterWrong
                  ? saidOf(problem)
                  : undefined
            }
          />
          {problem && !isFilterWrong ? (
            <p className="problem-text" role="alert">
              {saidOf(problem)}
            </p>
          ) : null}
          {data && filter !== "" && !error ? (
            <QueueFound
              found={data.flowfiles.length}
              looked={data.looked}
              all={data.count}
              next={next}
              onNext={(from) => {
                turn([...starts, from]);
              }}
            />
          ) : null}
          {data && data.count > 0 ? (
            <QueueActs
              flow={flow}
              connection={connection}
              onDone={() => {
                turn([0]);
                void refetch();
              }}
            />
          ) : null}
          {data?.count === 0 ? (
            <div className="empty">
              <Inbox size={20} aria-hidden />
              {t("queueEmpty")}
            </div>
          ) : null}
          <ul>
            {data?.flowfiles.map((each, index) => (
              <li key={each.number}>
                <button
                  type="button"
                  className="queue-item"
                  aria-pressed={each.number === flowfile?.number}
                  onClick={() => {
                    setChosen(each.number);
                  }}
                >
                  {/* Of those that a filter finds nobody knows the place. */}
                  {filter === "" ? (
                    <span className="queue-position">
                      {whole((before.at(-1) ?? 0) + index + 1)}
                    </span>
                  ) : null}
                  <span className="queue-name">{each.filename ?? each.uuid}</span>
                  <span className="queue-size">
                    {each.inFlight ? t("inFlight") : bytes(each.bytes)}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
        {flowfile ? (
          <Flowfile key={flowfile.number} flow={flow} connection={connection} flowfile={flowfile} />
        ) : null}
      </div>
    </Modal>
  );
}

interface FlowfileProps {
  flow: string;
  connection: string;
  flowfile: QueuedFlowfile;
}

function Flowfile({ flow, connection, flowfile }: FlowfileProps) {
  return (
    <section className="flowfile" aria-label={t("flowfile")}>
      <Viewer flow={flow} connection={connection} flowfile={flowfile} />
      <div className="flowfile-head">
        <h3>{t("attributes")}</h3>
        <Button
          isSmall
          onClick={() => {
            openProvenance({ uuid: flowfile.uuid });
          }}
        >
          <History size={13} aria-hidden /> {t("actProvenance")}
        </Button>
      </div>
      <dl className="attributes">
        <div>
          <dt>{t("entered")}</dt>
          <dd>
            <Since ms={flowfile.enteredMs} />
          </dd>
        </div>
        <div>
          <dt>{t("flowfileNumber")}</dt>
          <dd>{flowfile.number}</dd>
        </div>
        {flowfile.attempts > 0 ? (
          <div>
            <dt>{t("attempts")}</dt>
            <dd>{flowfile.attempts}</dd>
          </div>
        ) : null}
        {Object.entries(flowfile.attributes)
          .sort(([left], [right]) => (left < right ? -1 : 1))
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}

function Since({ ms }: { ms: number }) {
  const [now] = useState(() => Date.now());
  return duration(Math.max(0, now - ms));
}
