/** A group: a row for each port, and how what is in it goes. */
import { memo, useEffect, useRef } from "react";
import { Handle, Position, type NodeProps } from "@xyflow/react";
import { KindIcon } from "../components/TypeIcon";
import { GROUP_HEAD, PORT_ROW } from "../graph/boxes";
import { processorsOf, type GroupTree } from "../graph/tree";
import { plural, t } from "../messages";
import { processors } from "../state/live";
import { FindingMark } from "./FindingMark";
import { PresentMark } from "./PresentMark";
import { inputHandle, outputHandle, type BoxNode } from "./nodes";

export const GroupNode = memo(function GroupNode({ data, selected }: NodeProps<BoxNode>) {
  const { box } = data;
  const group = data.thing as GroupTree;
  const inside = [...processorsOf(group, box.path)].map(([path]) => path);
  const root = useRef<HTMLDivElement>(null);
  const paths = inside.join("\n");
  useEffect(() => {
    const element = root.current;
    const summary = element?.querySelector<HTMLElement>("[data-figure]");
    if (!element || !summary) return undefined;
    const all = paths === "" ? [] : paths.split("\n");
    const show = () => {
      const live = all.map((path) => processors.latest.get(path)?.status.state);
      const running = live.filter((state) => state === "running").length;
      const isFaulty = live.includes("startFailed");
      element.dataset.state = isFaulty ? "startFailed" : running > 0 ? "running" : "stopped";
      summary.textContent = t("groupRunning", { running, count: all.length });
    };
    show();
    const [first] = all;
    return first === undefined ? undefined : processors.watch(first, show);
  }, [paths]);
  const rows = Math.max(box.inputs.length, box.outputs.length, 1);
  return (
    <div
      ref={root}
      className={`node group ${selected ? "selected" : ""}`}
      data-state="stopped"
      data-path={box.path}
    >
      <Handle type="target" position={Position.Left} className="handle in whole" />
      <div className="node-head">
        <KindIcon kind="group" />
        <div className="node-title">
          <div className="node-name" title={box.name}>
            {box.name}
          </div>
          <div className="node-type">
            {plural(inside.length, "processorOne", "processorMany")}
            {" · "}
            <span data-figure="running" />
          </div>
        </div>
        <FindingMark path={box.path} />
        <PresentMark path={box.path} />
      </div>
      <div className="ports">
        {Array.from({ length: rows }, (_, index) => (
          <div className="port-row" key={index}>
            <span className="port-in">{box.inputs[index]}</span>
            <span className="port-out">{box.outputs[index]}</span>
          </div>
        ))}
      </div>
      {box.inputs.map((port, index) => (
        <Handle
          key={port}
          id={inputHandle(port)}
          type="target"
          position={Position.Left}
          className="handle in of-port"
          style={{ top: GROUP_HEAD + index * PORT_ROW + PORT_ROW / 2 - 4 }}
        />
      ))}
      {box.outputs.map((port, index) => (
        <Handle
          key={port}
          id={outputHandle(port)}
          type="source"
          position={Position.Right}
          className="handle out of-port"
          style={{ top: GROUP_HEAD + index * PORT_ROW + PORT_ROW / 2 - 4 }}
        />
      ))}
    </div>
  );
});
