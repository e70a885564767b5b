/** A processor: what it is, what it is doing, and how much went through. */
import { memo, useEffect, useRef } from "react";
import { Handle, Position, type NodeProps } from "@xyflow/react";
import { TypeIcon } from "../components/TypeIcon";
import { bytes, count } from "../messages/format";
import { familyOf } from "../graph/families";
import type { ProcessorTree } from "../graph/tree";
import { t } from "../messages";
import { useCatalog } from "../state/catalog";
import { processors, type ProcessorLive } from "../state/live";
import { BulletinMark } from "./BulletinMark";
import { FindingMark } from "./FindingMark";
import { StateMark } from "./StateMark";
import { PresentMark } from "./PresentMark";
import type { BoxNode } from "./nodes";

export const ProcessorNode = memo(function ProcessorNode({ data, selected }: NodeProps<BoxNode>) {
  const { box } = data;
  const processor = data.thing as ProcessorTree;
  const type = useCatalog().get(processor.type);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = root.current;
    if (!element) return undefined;
    const show = counterOf(element);
    return processors.watch(box.path, show);
  }, [box.path]);
  // A source takes nothing: its end is seen by nobody, and tells why to whoever draws a wire to it.
  const way = type?.input === "forbidden" ? "handle in closed" : "handle in";
  const isDisabled = processor.state === "disabled";
  return (
    <div
      ref={root}
      className={`node processor ${selected ? "selected" : ""}`}
      data-state={isDisabled ? "disabled" : "stopped"}
      data-path={box.path}
    >
      <Handle type="target" position={Position.Left} className={way} />
      <div className="node-head">
        <TypeIcon family={familyOf(type)} />
        <div className="node-title">
          <div className="node-name" title={box.name}>
            {box.name}
          </div>
          <div className="node-type">{processor.type}</div>
        </div>
        <BulletinMark path={box.path} />
        <FindingMark path={box.path} />
        <PresentMark path={box.path} />
        <StateMark />
      </div>
      <dl className="node-figures">
        <div>
          <dt>{t("figureIn")}</dt>
          <dd data-figure="in">0</dd>
        </div>
        <div>
          <dt>{t("figureOut")}</dt>
          <dd data-figure="out">0</dd>
        </div>
        <div>
          <dt>{t("figureRate")}</dt>
          <dd data-figure="rate">0/s</dd>
        </div>
        <div>
          <dt>{t("figureTasks")}</dt>
          <dd data-figure="tasks">0</dd>
        </div>
      </dl>
      <Handle type="source" position={Position.Right} className="handle out" />
    </div>
  );
});

/** Writes figures into the element; writes only what changed. */
function counterOf(root: HTMLElement) {
  const figure = (name: string) => root.querySelector<HTMLElement>(`[data-figure="${name}"]`);
  const into = figure("in");
  const out = figure("out");
  const rate = figure("rate");
  const tasks = figure("tasks");
  const write = (element: HTMLElement | null, text: string) => {
    if (element && element.textContent !== text) element.textContent = text;
  };
  return (live: ProcessorLive | undefined) => {
    if (!live) return;
    const { status } = live;
    const { totals } = status;
    if (root.dataset.state !== status.state) root.dataset.state = status.state;
    write(into, count(totals.flowfilesIn));
    write(out, count(totals.flowfilesOut));
    write(rate, rateText(Math.max(live.inRate, live.outRate)));
    write(tasks, status.activeTasks > 0 ? String(status.activeTasks) : "–");
    const tip = `${t("figureIn")} ${bytes(totals.bytesIn)} · ${t("figureOut")} ${bytes(totals.bytesOut)}`;
    if (root.title !== tip) root.title = tip;
    root.classList.toggle("active", status.activeTasks > 0);
  };
}

function rateText(rate: number): string {
  if (rate === 0) return "0/s";
  return rate < 10 ? `${rate.toFixed(1)}/s` : `${count(Math.round(rate))}/s`;
}
