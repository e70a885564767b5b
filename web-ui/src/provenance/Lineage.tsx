/** The way of one flowfile through the flow, as a line of time; relatives lead on to their own. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ChevronLeft } from "lucide-react";
import { api, whyOf } from "../api/client";
import { IconButton } from "../components/Button";
import { duration } from "../messages/format";
import { lineageOf, shortUuid, type LineageStep } from "./events";
import { t } from "../messages";

const EVENTS_MAX = 500;
const RELATIVES_MAX = 20;

export function Lineage({ flow, uuid }: { flow: string; uuid: string }) {
  const [way, setWay] = useState<readonly string[]>([uuid]);
  const current = way.at(-1) ?? uuid;
  const { data, error } = useQuery({
    queryKey: ["lineage", flow, current],
    queryFn: () => api.provenance(flow, { uuid: current }, EVENTS_MAX),
    staleTime: 0,
    gcTime: 0,
  });
  const steps = lineageOf(current, data?.events ?? []);
  const own = steps.find(({ event }) => event.uuid === current)?.event;
  return (
    <div className="lineage">
      <h3>
        {way.length > 1 ? (
          <IconButton
            label={t("earlier")}
            isQuiet
            isSmall
            onClick={() => {
              setWay(way.slice(0, -1));
            }}
          >
            <ChevronLeft size={14} />
          </IconButton>
        ) : null}
        {t("lineageOf", { name: own?.attributes.filename ?? shortUuid(current) })}
        <code>{shortUuid(current)}</code>
      </h3>
      {error ? <p className="problem-text">{whyOf(error)}</p> : null}
      <ol>
        {steps.map((step) => (
          <Step
            key={step.event.number}
            step={step}
            onFollow={(other) => {
              setWay([...way, other]);
            }}
          />
        ))}
      </ol>
      {data?.events.length === EVENTS_MAX ? (
        <p className="muted">{t("lineagePart", { count: EVENTS_MAX })}</p>
      ) : null}
    </div>
  );
}

function Step({ step, onFollow }: { step: LineageStep; onFollow: (uuid: string) => void }) {
  const { event, sinceMs, from, to } = step;
  const relatives = [
    ...from.map((uuid) => ({ uuid, key: "fromParent" as const })),
    ...to.map((uuid) => ({ uuid, key: "toChild" as const })),
  ];
  return (
    <li className="lineage-step" data-type={event.type}>
      <span className="lineage-since">{sinceMs > 0 ? `+${duration(sinceMs)}` : ""}</span>
      <div>
        <span className="badge">{event.type}</span> <strong>{event.component}</strong>
        {event.relationship === null ? null : <code> {event.relationship}</code>}
        {event.transitUri === null ? null : <p className="lineage-about">{event.transitUri}</p>}
        {event.details === null ? null : <p className="lineage-about">{event.details}</p>}
        {relatives.slice(0, RELATIVES_MAX).map(({ uuid, key }) => (
          <button
            key={key + uuid}
            type="button"
            className="lineage-relative"
            onClick={() => {
              onFollow(uuid);
            }}
          >
            {t(key, { name: shortUuid(uuid) })}
          </button>
        ))}
        {relatives.length > RELATIVES_MAX ? (
          <p className="muted">{t("andMore", { count: relatives.length - RELATIVES_MAX })}</p>
        ) : null}
      </div>
    </li>
  );
}
