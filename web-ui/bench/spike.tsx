// Draws 2,000 nodes and 3,000 edges in one of four ways and tells how long frames take.
// `bare`: xyflow as it comes; `culled`: the same without what is out of sight; `tuned`: culled, fixed sizes, counters past React, plain boxes when
// far; `canvas`: as `tuned`, and when far one canvas instead of elements.
import { memo, useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import {
  Handle,
  Position,
  ReactFlow,
  useStore,
  type Edge,
  type Node,
  type NodeProps,
  type ReactFlowInstance,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";

const parameters = new URLSearchParams(location.search);
const variant = parameters.get("variant") ?? "tuned";
const nodeCount = Number(parameters.get("nodes") ?? 2000);
const edgeCount = Number(parameters.get("edges") ?? 3000);
const pitch = Number(parameters.get("pitch") ?? 300);
const columns = 50;
/** As xyflow comes; `culled` is the same, but that it leaves out what is out of sight. */
const isBare = variant === "bare" || variant === "culled";
const far = 0.4;

interface Data extends Record<string, unknown> {
  label: string;
  count: number;
}

const nodes: Node<Data>[] = Array.from({ length: nodeCount }, (_, index) => ({
  id: String(index),
  type: "box",
  position: { x: (index % columns) * pitch, y: Math.floor(index / columns) * 160 },
  data: { label: `Processor ${String(index)}`, count: 0 },
  ...(isBare ? {} : { width: 220, height: 96 }),
}));
const edges: Edge[] = Array.from({ length: edgeCount }, (_, index) => {
  const source = index % nodeCount;
  const step = index < nodeCount ? 1 : columns + (index % 3);
  return {
    id: `e${String(index)}`,
    source: String(source),
    target: String((source + step) % nodeCount),
  };
});

const counters = new Map<string, HTMLElement>();

const BareBox = ({ data }: NodeProps<Node<Data>>) => (
  <div className="box">
    <Handle type="target" position={Position.Left} />
    <strong>{data.label}</strong>
    <div>in {data.count}</div>
    <div>out {data.count}</div>
    <Handle type="source" position={Position.Right} />
  </div>
);

const TunedBox = memo(function TunedBox({ id, data }: NodeProps<Node<Data>>) {
  const isFar = useStore((state) => state.transform[2] < far);
  const text = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (text.current) counters.set(id, text.current);
    return () => void counters.delete(id);
  }, [id, isFar]);
  return (
    <div className={isFar ? "box plain" : "box"}>
      <Handle type="target" position={Position.Left} />
      {isFar ? null : (
        <>
          <strong>{data.label}</strong>
          <div ref={text}>in 0</div>
        </>
      )}
      <Handle type="source" position={Position.Right} />
    </div>
  );
});

const nodeTypes = { box: isBare ? BareBox : TunedBox };

function Overview() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const transform = useStore((state) => state.transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const [x, y, zoom] = transform;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    context.setTransform(zoom, 0, 0, zoom, x, y);
    context.lineWidth = 1 / zoom;
    context.strokeStyle = "#8a93a6";
    context.beginPath();
    for (const edge of edges) {
      const from = nodes[Number(edge.source)];
      const to = nodes[Number(edge.target)];
      if (!from || !to) continue;
      context.moveTo(from.position.x + 220, from.position.y + 48);
      context.lineTo(to.position.x, to.position.y + 48);
    }
    context.stroke();
    context.fillStyle = "#e8ecf4";
    for (const node of nodes) context.fillRect(node.position.x, node.position.y, 220, 96);
  }, [transform, width, height]);
  return <canvas className="overview" ref={canvas} width={width} height={height} />;
}

function Flow() {
  const [shown, setShown] = useState(nodes);
  const [isFar, setFar] = useState(false);
  const instance = useRef<ReactFlowInstance<Node<Data>> | null>(null);
  const isOverview = variant === "canvas" && isFar;
  useEffect(() => {
    let tick = 0;
    const timer = setInterval(() => {
      tick += 1;
      if (isBare) {
        setShown(nodes.map((node) => ({ ...node, data: { ...node.data, count: tick } })));
      } else {
        for (const element of counters.values()) element.textContent = `in ${String(tick)}`;
      }
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return (
    <ReactFlow
      nodes={isOverview ? [] : shown}
      edges={isOverview ? [] : edges}
      nodeTypes={nodeTypes}
      minZoom={0.02}
      onlyRenderVisibleElements={variant !== "bare"}
      onInit={(value) => {
        instance.current = value;
        Object.assign(window, {
          spike: (zoom: number, frames: number) => measure(value, zoom, frames),
          view: (zoom: number) => value.setViewport({ x: 0, y: 0, zoom }),
        });
      }}
      onMove={(_, viewport) => {
        setFar(viewport.zoom < far);
      }}
    >
      {isOverview ? <Overview /> : null}
    </ReactFlow>
  );
}

/** Pans at `zoom` and tells the milliseconds of each frame. */
async function measure(value: ReactFlowInstance<Node<Data>>, zoom: number, frames: number) {
  void value.setViewport({ x: 0, y: 0, zoom });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const times: number[] = [];
  let before = performance.now();
  for (let frame = 0; frame < frames; frame += 1) {
    void value.setViewport({ x: -frame * 12, y: -frame * 5, zoom });
    const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
    times.push(now - before);
    before = now;
  }
  return times;
}

const root = document.getElementById("root");
if (root) createRoot(root).render(<Flow />);
