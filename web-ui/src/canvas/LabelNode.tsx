/** A remark on the canvas, in Markdown; its size is a person's to choose. */
import { memo } from "react";
import { NodeResizer, type NodeProps } from "@xyflow/react";
import { resizeLabel } from "../actions/build";
import { Markdown } from "../components/Markdown";
import type { BoxNode } from "./nodes";

export const LabelNode = memo(function LabelNode({ id, data, selected }: NodeProps<BoxNode>) {
  const { text } = data.thing as { text?: string };
  return (
    <>
      <NodeResizer
        isVisible={selected}
        minWidth={80}
        minHeight={40}
        onResizeEnd={(_, { x, y, width, height }) => {
          resizeLabel(id, { x, y }, { width, height });
        }}
      />
      <div className={`node label ${selected ? "selected" : ""}`} data-path={data.box.path}>
        <Markdown text={text ?? data.box.name} />
      </div>
    </>
  );
});
