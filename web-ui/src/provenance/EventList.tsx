/** Events in a row, the newest first; some may be chosen to be replayed. */
import type { ProvenanceEvent } from "../api/types";
import { clock } from "../messages/format";
import { shortUuid } from "./events";
import { t } from "../messages";

interface Props {
  events: readonly ProvenanceEvent[];
  shown: number | undefined;
  chosen: ReadonlySet<number>;
  onShow: (number: number) => void;
  onChoose: (chosen: ReadonlySet<number>) => void;
}

export function EventList({ events, shown, chosen, onShow, onChoose }: Props) {
  return (
    <ul>
      {events.map((event) => (
        <li key={event.number} className="event-row">
          <input
            type="checkbox"
            aria-label={t("chooseEvent", { number: event.number })}
            disabled={event.input === null}
            checked={chosen.has(event.number)}
            onChange={(change) => {
              const next = new Set(chosen);
              if (change.target.checked) next.add(event.number);
              else next.delete(event.number);
              onChoose(next);
            }}
          />
          <button
            type="button"
            className="event-button"
            aria-pressed={event.number === shown}
            onClick={() => {
              onShow(event.number);
            }}
          >
            <time className="event-time" dateTime={event.time}>
              {clock(Date.parse(event.time))}
            </time>
            <span className="event-what">
              <span className="badge">{event.type}</span>
              <span className="event-component">{event.component}</span>
            </span>
            <span className="event-name">{event.attributes.filename ?? shortUuid(event.uuid)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
