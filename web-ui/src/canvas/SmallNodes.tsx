/** Ports and funnels. */
import { memo } from "react";
import { Handle, Position, type NodeProps } from "@xyflow/react";
import { KindIcon } from "../components/TypeIcon";
import { t } from "../messages";
import { FindingMark } from "./FindingMark";
import { PresentMark } from "./PresentMark";
import type { BoxNode } from "./nodes";

const classes = (kind: string, selected: boolean) => `node ${kind} ${selected ? "selected" : ""}`;

export const InputPortNode = memo(function InputPortNode({ data, selected }: NodeProps<BoxNode>) {
  return (
    <div className={classes("port", selected)} data-path={data.box.path}>
      <KindIcon kind="inputPort" />
      <span className="node-name">{data.box.name}</span>
      <FindingMark path={data.box.path} />
      <PresentMark path={data.box.path} />
      <Handle
        type="target"
        position={Position.Left}
        className="handle hidden"
        isConnectable={false}
      />
      <Handle type="source" position={Position.Right} className="handle out" />
    </div>
  );
});

export const OutputPortNode = memo(function OutputPortNode({ data, selected }: NodeProps<BoxNode>) {
  return (
    <div className={classes("port", selected)} data-path={data.box.path}>
      <Handle type="target" position={Position.Left} className="handle in" />
      <KindIcon kind="outputPort" />
      <span className="node-name">{data.box.name}</span>
      <FindingMark path={data.box.path} />
      <PresentMark path={data.box.path} />
      <Handle
        type="source"
        position={Position.Right}
        className="handle hidden"
        isConnectable={false}
      />
    </div>
  );
});

export const FunnelNode = memo(function FunnelNode({ data, selected }: NodeProps<BoxNode>) {
  return (
    <div className={classes("funnel", selected)} data-path={data.box.path} title={data.box.name}>
      <Handle type="target" position={Position.Left} className="handle in" />
      <KindIcon kind="funnel" />
      <PresentMark path={data.box.path} />
      <span className="unseen">{t("funnelNamed", { name: data.box.name })}</span>
      <Handle type="source" position={Position.Right} className="handle out" />
    </div>
  );
});
