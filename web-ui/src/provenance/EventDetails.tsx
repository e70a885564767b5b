/** One event: what happened, what it changed, and the way of its flowfile. */
import { useState } from "react";
import { Download, ExternalLink, RotateCcw } from "lucide-react";
import { eventContentUrl } from "../api/client";
import type { EventSide, ProvenanceEvent } from "../api/types";
import { Button } from "../components/Button";
import { TabRow } from "../components/TabRow";
import { bytes, moment } from "../messages/format";
import { attributesOf } from "./events";
import { t, type MessageKey } from "../messages";
import { Lineage } from "./Lineage";

const PARTS = ["details", "attributes", "lineage"] as const;
type Part = (typeof PARTS)[number];

interface Props {
  flow: string;
  event: ProvenanceEvent;
  onReplay: () => void;
}

export function EventDetails({ flow, event, onReplay }: Props) {
  const [part, setPart] = useState<Part>("details");
  return (
    <>
      <TabRow
        label={t("event", { number: event.number })}
        tabs={PARTS.map((id) => ({ id, text: t(id) }))}
        chosen={part}
        onChoose={setPart}
        side={
          <Button isSmall disabled={event.input === null} onClick={onReplay}>
            <RotateCcw size={13} aria-hidden /> {t("replay")}
          </Button>
        }
      />
      {part === "details" ? <Facts event={event} /> : null}
      {part === "attributes" ? <Attributes event={event} /> : null}
      {part === "lineage" ? <Lineage flow={flow} uuid={event.uuid} /> : null}
    </>
  );
}

/** The content that a flowfile had then, as long as it is kept. */
function ContentOf({ event, side }: { event: ProvenanceEvent; side: EventSide }) {
  const size = side === "input" ? event.input?.bytes : event.bytes;
  if (size === undefined) return null;
  const name = t(side === "input" ? "contentBefore" : "contentAfter");
  const address = (download: boolean) => eventContentUrl(event.number, side, download);
  return (
    <div>
      <dt>{name}</dt>
      <dd className="content-of-event">
        {bytes(size)}
        {size === 0 ? null : (
          <>
            <a
              className="button quiet small"
              href={address(false)}
              target="_blank"
              rel="noreferrer"
              aria-label={t("openNamed", { name })}
            >
              <ExternalLink size={13} aria-hidden /> {t("openContent")}
            </a>
            <a
              className="button quiet small"
              href={address(true)}
              download
              aria-label={t("saveNamed", { name })}
            >
              <Download size={13} aria-hidden /> {t("saveContent")}
            </a>
          </>
        )}
      </dd>
    </div>
  );
}

function Facts({ event }: { event: ProvenanceEvent }) {
  const facts: [MessageKey, string | null][] = [
    ["eventType", event.type],
    ["atTime", moment(Date.parse(event.time))],
    ["component", event.component],
    ["relationship", event.relationship],
    ["why", event.details],
    ["transit", event.transitUri],
    ["transitSize", event.transitBytes === null ? null : bytes(event.transitBytes)],
    ["inputQueue", event.input?.queue ?? null],
    ["flowfileUuid", event.uuid],
  ];
  return (
    <dl className="attributes">
      {facts.map(([name, value]) =>
        value === null ? null : (
          <div key={name}>
            <dt>{t(name)}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
      <ContentOf event={event} side="input" />
      <ContentOf event={event} side="output" />
    </dl>
  );
}

function Attributes({ event }: { event: ProvenanceEvent }) {
  return (
    <dl className="attributes">
      {attributesOf(event).map(({ name, after, before, isChanged }) => (
        <div key={name} className={isChanged ? "changed" : undefined}>
          <dt>{name}</dt>
          <dd>
            {after ?? <del>{before}</del>}
            {isChanged && after !== undefined ? (
              <small>
                {t("before")}: {before ?? t("nothing")}
              </small>
            ) : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}
