/** Looks into a content: heard, seen, read, or byte by byte. Only its beginning is loaded. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Download } from "lucide-react";
import { contentStart, contentUrl, type Waiting, whyOf } from "../api/client";
import type { QueuedFlowfile } from "../api/types";
import { TabRow } from "../components/TabRow";
import { hexRows, prettyJson, textOf, viewsOf, type View } from "./content";
import { bytes } from "../messages/format";
import { t } from "../messages";
import { Player } from "./Player";
import { TableView, tablePage } from "./TableView";

const START_BYTES = 256 * 1024;
const HEX_ROWS = 512;
const NAMES = {
  audio: "viewAudio",
  image: "viewImage",
  table: "viewTable",
  json: "viewJson",
  text: "viewText",
  hex: "viewHex",
} as const;

interface Props {
  flow: string;
  connection: string;
  flowfile: QueuedFlowfile;
}

export function Viewer({ flow, connection, flowfile }: Props) {
  const waiting = { flow, connection, number: flowfile.number };
  const url = contentUrl(waiting);
  const name = flowfile.filename ?? flowfile.uuid;
  const { data, error } = useQuery({
    queryKey: ["content", url],
    queryFn: () => contentStart(url, START_BYTES),
    gcTime: 0,
  });
  const all = data ? viewsOf(flowfile.attributes["mime.type"], data.bytes, flowfile.filename) : [];
  const table = useQuery({ ...tablePage(waiting, 0), enabled: all.includes("table") });
  // A server that makes no table of it leaves the other ways to look at it.
  const views = all.filter((each) => each !== "table" || !table.isError);
  const [chosen, setChosen] = useState<View | undefined>();
  const view = chosen !== undefined && views.includes(chosen) ? chosen : views[0];
  const isPart = data !== undefined && data.bytes.length < data.total;
  return (
    <div className="viewer">
      <TabRow
        label={t("content")}
        tabs={views.map((id) => ({ id, text: t(NAMES[id]) }))}
        chosen={view}
        onChoose={setChosen}
        side={
          <a className="button quiet small" href={`${url}&download=true`} download={name}>
            <Download size={13} aria-hidden /> {bytes(flowfile.bytes)}
          </a>
        }
      />
      {error ? <p className="problem-text">{whyOf(error)}</p> : null}
      {data && view ? (
        <Content view={view} waiting={waiting} flowfile={flowfile} start={data.bytes} />
      ) : null}
      {isPart && (view === "text" || view === "hex" || view === "json") ? (
        <p className="muted">{t("onlyStart", { size: bytes(data.bytes.length) })}</p>
      ) : null}
    </div>
  );
}

interface ContentProps {
  view: View;
  waiting: Waiting;
  flowfile: QueuedFlowfile;
  start: Uint8Array;
}

function Content({ view, waiting, flowfile, start }: ContentProps) {
  const name = flowfile.filename ?? flowfile.uuid;
  const url = contentUrl(waiting);
  switch (view) {
    case "audio":
      return <Player waiting={waiting} name={name} />;
    case "table":
      return <TableView waiting={waiting} />;
    case "image":
      return (
        <div className="content-image">
          <img src={url} alt={name} />
        </div>
      );
    case "json":
      return (
        <pre className="content-text" tabIndex={0}>
          {prettyJson(textOf(start) ?? "").text}
        </pre>
      );
    case "text":
      return (
        <pre className="content-text" tabIndex={0}>
          {textOf(start)}
        </pre>
      );
    case "hex":
      return (
        <div className="content-text hex" tabIndex={0}>
          {hexRows(start, HEX_ROWS).map((row) => (
            <div key={row.offset}>
              <span className="hex-offset">{row.offset}</span>
              <span className="hex-bytes">{row.bytes}</span>
              <span>{row.text}</span>
            </div>
          ))}
        </div>
      );
  }
}
