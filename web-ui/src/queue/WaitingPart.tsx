/** What waits in the chosen connection, in its panel: the first recording can be heard at once. */
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, contentStart, contentUrl } from "../api/client";
import { viewsOf } from "./content";
import { bytes } from "../messages/format";
import { t } from "../messages";
import { openQueue } from "../state/navigate";
import { connections } from "../state/live";
import { flowName } from "../state/draft";
import { Player } from "./Player";

const SHOWN = 5;
/** Enough to tell a recording by its beginning. */
const SNIFF_BYTES = 64;

export function WaitingPart({ path }: { path: string }) {
  const flow = flowName();
  const { data, refetch } = useQuery({
    queryKey: ["waiting", flow, path],
    queryFn: () => api.queue(flow, path, 0, SHOWN),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  useEffect(() => {
    let last: string | undefined;
    return connections.watch(path, (live) => {
      const counted = live
        ? [live.status.flowfilesIn, live.status.flowfilesOut, live.status.queued].join()
        : "";
      if (last !== undefined && last !== counted) void refetch();
      last = counted;
    });
  }, [path, refetch]);
  const first = data?.flowfiles[0];
  const waiting = { flow, connection: path, number: first?.number ?? 0 };
  const start = useQuery({
    queryKey: ["sniff", waiting],
    queryFn: () => contentStart(contentUrl(waiting), SNIFF_BYTES),
    enabled: first !== undefined,
    gcTime: 0,
    retry: false,
  });
  const [best] = start.data
    ? viewsOf(first?.attributes["mime.type"], start.data.bytes, first?.filename)
    : [undefined];
  if (!data) return null;
  return (
    <section className="form-part">
      <h3>{t("waitsHere")}</h3>
      {first ? null : <p className="muted">{t("nothingWaits")}</p>}
      {first && best === "audio" ? (
        <Player key={first.number} waiting={waiting} name={first.filename ?? first.uuid} isSmall />
      ) : null}
      <ul>
        {data.flowfiles.map((each) => (
          <li key={each.number}>
            <button
              type="button"
              className="queue-item"
              onClick={() => {
                openQueue(path, each.number);
              }}
            >
              <span className="queue-name">{each.filename ?? each.uuid}</span>
              <span className="queue-size">{bytes(each.bytes)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
