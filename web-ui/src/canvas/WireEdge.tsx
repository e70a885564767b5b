/** A connection: its relationships, what waits in it, and how full it is. */
import { own } from "../graph/tree";
import { lazy, memo, useEffect, useRef, useState } from "react";
import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from "@xyflow/react";
import { OctagonPause } from "lucide-react";
import { Late } from "../components/Late";
import { bytes, count, duration } from "../messages/format";
import { way } from "../graph/geometry";
import { roomOf } from "../graph/connection";
import { t } from "../messages";
import { connections, timeToFull, type ConnectionLive } from "../state/live";
import type { Point } from "../graph/edits";
import { select, useUi } from "../state/ui";
import { useMay } from "../state/user";
import { openQueue, replaceAddress, shownGroup } from "../state/navigate";
import type { WireEdge as Wire } from "./nodes";
import { useFindingTone } from "./useFindings";

const Bends = lazy(() => import("./Bends"));

/** A label is never narrower, so that the number in it can be read and hit. */
const CHIP_MIN = 48;
const CHIP_MAX = 190;
/** With less room than this a label leaves out the bytes. */
const CHIP_WHOLE = 150;

export const WireEdge = memo(function WireEdge(props: EdgeProps<Wire>) {
  const { data, sourceX, sourceY, targetX, targetY, selected } = props;
  const chip = useRef<HTMLDivElement>(null);
  const line = useRef<SVGGElement>(null);
  const path = data?.wire.path ?? "";
  const name = data?.wire.name ?? "";
  const tone = useFindingTone(path);
  const mayEdit = useMay("editor");
  const [dragged, setDragged] = useState<Point[] | undefined>();
  useEffect(() => {
    const element = chip.current;
    if (!element) return undefined;
    return connections.watch(path, showOn(element, line.current, name));
  }, [path, name]);
  if (!data) return null;
  const { wire } = data;
  const source = { x: sourceX, y: sourceY };
  const target = { x: targetX, y: targetY };
  const bends = dragged ?? wire.bends;
  const drawn = way(source, target, bends, wire.index, wire.count, wire.lane);
  const isFailure = wire.relationships.some((each) => /fail|error|unmatched/i.test(each));
  const classes = ["wire", isFailure && "failure", selected && "selected", tone];
  return (
    <g ref={line} className={classes.filter(Boolean).join(" ")}>
      <BaseEdge path={drawn.path} interactionWidth={18} markerEnd="url(#wire-end)" />
      <EdgeLabelRenderer>
        <div
          ref={chip}
          className={["chip", "nopan", "nodrag", ...classes.slice(1)].filter(Boolean).join(" ")}
          data-path={path}
          data-narrow={drawn.room < CHIP_WHOLE ? true : undefined}
          style={{
            maxWidth: Math.min(Math.max(drawn.room, CHIP_MIN), CHIP_MAX),
            transform: `translate(-50%, -50%) translate(${String(drawn.middle.x)}px, ${String(drawn.middle.y)}px)`,
          }}
          onClick={(event) => {
            const { wires } = useUi.getState();
            const more = event.shiftKey ? [...wires] : [];
            select(event.shiftKey ? useUi.getState().nodes : [], [...more, name]);
          }}
          onDoubleClick={() => {
            openQueue(path);
          }}
        >
          <span className="chip-name">{wire.relationships.join(", ") || t("all")}</span>
          <button
            type="button"
            className="chip-count"
            tabIndex={-1}
            onClick={(event) => {
              event.stopPropagation();
              select([], [name]);
              replaceAddress();
              openQueue(path);
            }}
          >
            <OctagonPause className="chip-full" size={12} aria-label={t("backPressure")} />
            <span data-figure="queued">0</span>
            <span className="chip-bytes" data-figure="bytes" />
            <span className="unseen"> {t("listQueueOf", { name })}</span>
          </button>
          <span className="chip-fill" />
        </div>
        {selected && mayEdit ? (
          <Late>
            <Bends {...{ name, source, target, bends, middle: drawn.middle }} onShow={setDragged} />
          </Late>
        ) : null}
      </EdgeLabelRenderer>
    </g>
  );
});

function showOn(chip: HTMLElement, line: SVGGElement | null, name: string) {
  const queued = chip.querySelector<HTMLElement>('[data-figure="queued"]');
  const size = chip.querySelector<HTMLElement>('[data-figure="bytes"]');
  const fill = chip.querySelector<HTMLElement>(".chip-fill");
  return (live: ConnectionLive | undefined) => {
    if (!live || !queued || !size || !fill) return;
    const { status } = live;
    const { countMax, bytesMax } = roomOf(own(shownGroup()?.connections, name));
    const part = Math.max(
      countMax > 0 ? status.queued / countMax : 0,
      bytesMax > 0 ? status.queuedBytes / bytesMax : 0,
    );
    const text = count(status.queued);
    if (queued.textContent !== text) queued.textContent = text;
    const sizeText = status.queued === 0 ? "" : ` · ${bytes(status.queuedBytes)}`;
    if (size.textContent !== sizeText) size.textContent = sizeText;
    fill.style.width = `${String(Math.min(100, Math.round(part * 100)))}%`;
    const level = status.backPressure
      ? "full"
      : part >= 0.8
        ? "high"
        : status.queued > 0
          ? "some"
          : "none";
    chip.dataset.level = level;
    if (line) line.dataset.level = level;
    const left = timeToFull(live, countMax);
    const full = left === undefined ? "" : `, ${t("fullIn", { time: duration(left) })}`;
    const tip = `${name}: ${text}${sizeText}${full}`;
    if (chip.title !== tip) chip.title = tip;
  };
}
