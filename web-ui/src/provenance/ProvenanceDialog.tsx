/** What happened to flowfiles: found, looked into, followed, and made to come once more. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { RotateCcw } from "lucide-react";
import { api, whyOf } from "../api/client";
import type { ProvenanceSearch } from "../api/types";
import { Button } from "../components/Button";
import { Modal } from "../components/Modal";
import { t } from "../messages";
import { flowName } from "../state/draft";
import { useUi } from "../state/ui";
import { EventDetails } from "./EventDetails";
import { EventList } from "./EventList";
import { ReplayPart } from "./ReplayPart";
import { SearchForm } from "./SearchForm";
import "../styles/provenance.css";

const EVENTS_MAX = 200;

export default function ProvenanceDialog({ onClose }: { onClose: () => void }) {
  const flow = flowName();
  const first = useUi((state) => state.provenance);
  const [search, setSearch] = useState<ProvenanceSearch>(first);
  const [shown, setShown] = useState<number | undefined>();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [replayed, setReplayed] = useState<readonly number[] | undefined>();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["provenance", flow, search],
    queryFn: () => api.provenance(flow, search, EVENTS_MAX),
    staleTime: 0,
    gcTime: 0,
    placeholderData: (last) => last,
  });
  const events = data?.events ?? [];
  const event = events.find((each) => each.number === shown) ?? events[0];
  const find = (next: ProvenanceSearch) => {
    setSearch(next);
    setChosen(new Set());
    setReplayed(undefined);
    if (JSON.stringify(next) === JSON.stringify(search)) void refetch();
  };
  return (
    <Modal title={t("provenanceTitle")} onClose={onClose} size="wide">
      <div className="provenance">
        <SearchForm search={search} onSearch={find} />
        {error ? <p className="problem-text">{whyOf(error)}</p> : null}
        {data && data.damaged.length > 0 ? (
          <p className="problem-text">
            {t("provenanceDamaged", { what: data.damaged.join("; ") })}
          </p>
        ) : null}
        <div className="provenance-parts">
          <section className="provenance-list" aria-label={t("events")} aria-busy={isFetching}>
            <EventList
              events={events}
              shown={event?.number}
              chosen={chosen}
              onShow={(number) => {
                setShown(number);
                setReplayed(undefined);
              }}
              onChoose={setChosen}
            />
            {data && events.length === 0 ? (
              <div className="empty">{t("provenanceNone")}</div>
            ) : null}
            {events.length === EVENTS_MAX ? (
              <p className="muted">{t("provenanceMore", { count: EVENTS_MAX })}</p>
            ) : null}
            {chosen.size > 0 ? (
              <div className="provenance-foot">
                <Button
                  tone="primary"
                  onClick={() => {
                    setReplayed([...chosen]);
                  }}
                >
                  <RotateCcw size={14} aria-hidden /> {t("replayChosen", { count: chosen.size })}
                </Button>
              </div>
            ) : null}
          </section>
          <section
            className="provenance-event"
            aria-label={event ? t("event", { number: event.number }) : t("details")}
            tabIndex={0}
          >
            {replayed ? (
              <ReplayPart
                events={replayed}
                onEnd={() => {
                  setReplayed(undefined);
                  setChosen(new Set());
                  void refetch();
                }}
              />
            ) : event ? (
              <EventDetails
                key={event.number}
                flow={flow}
                event={event}
                onReplay={() => {
                  setReplayed([event.number]);
                }}
              />
            ) : null}
          </section>
        </div>
      </div>
    </Modal>
  );
}
