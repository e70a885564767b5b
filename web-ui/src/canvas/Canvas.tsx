/** The canvas: the shown group, to look at, move about in, and draw on. */
import { lazy, useCallback, useEffect, useMemo, useRef, useState, type DragEvent } from "react";
import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  ReactFlow,
  useReactFlow,
  useStore,
  type Connection,
  type EdgeChange,
  type FinalConnectionState,
  type NodeChange,
} from "@xyflow/react";
import { Late } from "../components/Late";
import { kindOf, thingAt } from "../graph/tree";
import { t } from "../messages";
import { openDialog, openGroup, replaceAddress } from "../state/navigate";
import { select, useUi } from "../state/ui";
import { addDropped, isValid, rewire, startWire, tellRefusal, TYPE_MIME } from "../actions/build";
import { CanvasMenu } from "./CanvasMenu";
import { EmptyCanvas } from "./EmptyCanvas";
import { GroupNode } from "./GroupNode";
import { Guides } from "./Guides";
import { ProcessorNode } from "./ProcessorNode";
import { LabelNode } from "./LabelNode";
import { FunnelNode, InputPortNode, OutputPortNode } from "./SmallNodes";
import { WireEdge } from "./WireEdge";
import { FAR, isLarge } from "./far";
import { portOf, toEdges, toNodes, type BoxNode, type WireEdge as WireEdgeType } from "./nodes";
import { useCanvasKeys } from "./useCanvasKeys";
import { useDragging } from "./useDragging";
import { useFocus } from "./useFocus";
import { useScene, type Scene } from "../state/scene";
import { Zoom } from "./Zoom";

const Minimap = lazy(() => import("./Minimap"));
const Overview = lazy(() => import("./Overview"));

const nodeTypes = {
  processor: ProcessorNode,
  processGroup: GroupNode,
  inputPort: InputPortNode,
  outputPort: OutputPortNode,
  funnel: FunnelNode,
  label: LabelNode,
};
const edgeTypes = { wire: WireEdge };
/** Nearer than this all is readable; farther away boxes show less, and larger. */
const SMALL = 0.7;
const GRID: [number, number] = [8, 8];
const NO_NODES: BoxNode[] = [];
const NO_EDGES: WireEdgeType[] = [];

export function Canvas() {
  const scene = useScene();
  if (!scene) return <div className="canvas" aria-busy="true" />;
  return <Drawn scene={scene} />;
}

function Drawn({ scene }: { scene: Scene }) {
  const selectedNodes = useUi((state) => state.nodes);
  const selectedWires = useUi((state) => state.wires);
  const flow = useReactFlow<BoxNode, WireEdgeType>();
  const root = useRef<HTMLDivElement>(null);
  const isFar = useStore((state) => state.transform[2] < FAR);
  const isSmall = useStore((state) => state.transform[2] < SMALL);
  const hasRoom = useStore((state) => state.height > 500 && state.width > 560);
  const [isWiring, setWiring] = useState(false);
  const [nodes, setNodes] = useState<BoxNode[]>(NO_NODES);
  const [edges, setEdges] = useState<WireEdgeType[]>(NO_EDGES);
  const byName = useMemo(() => new Map(scene.boxes.map((box) => [box.name, box])), [scene.boxes]);
  useEffect(() => {
    setNodes((old) => toNodes(old, scene.boxes, byName, thingsOf(scene), selectedNodes));
  }, [scene, byName, selectedNodes]);
  useEffect(() => {
    setEdges((old) => toEdges(old, scene.wires, byName, selectedWires));
  }, [scene, byName, selectedWires]);
  const isBig = isLarge(scene.boxes.length);
  // While the view jumps away, the elements are gone before: else all of them were drawn once.
  const [isHeld, setHeld] = useState(isBig);
  useFocus(scene, isBig ? setHeld : undefined);
  const onKeyDown = useCanvasKeys();
  useEffect(() => {
    // Who writes somewhere, such as to sign in, goes on.
    const isWriting =
      document.activeElement?.closest("input, textarea, select, [data-writes], dialog") ?? false;
    if (isWriting === false && root.current) focusQuietly(root.current);
  }, []);
  const dragging = useDragging();

  const onNodesChange = useCallback(
    (changes: NodeChange<BoxNode>[]) => {
      const moved = changes.filter(
        (change) => change.type === "position" || (change.type === "dimensions" && change.resizing),
      );
      if (moved.length > 0) {
        const snapped = dragging.snap(moved);
        setNodes((old) => applyNodeChanges(snapped, old));
      }
      const selecting = changes.filter((change) => change.type === "select");
      if (selecting.length === 0) return;
      const ui = useUi.getState();
      const next = new Set(ui.nodes);
      for (const change of selecting) {
        if (change.selected) next.add(change.id);
        else next.delete(change.id);
      }
      select(next, ui.wires);
      replaceAddress();
    },
    [dragging],
  );
  const onEdgesChange = useCallback((changes: EdgeChange<WireEdgeType>[]) => {
    const ui = useUi.getState();
    const next = new Set(ui.wires);
    for (const change of changes) {
      if (change.type !== "select") continue;
      if (change.selected) next.add(change.id);
      else next.delete(change.id);
    }
    select(ui.nodes, next);
    replaceAddress();
  }, []);

  const onConnect = useCallback((made: Connection) => {
    startWire(
      { name: made.source, port: portOf(made.sourceHandle) },
      { name: made.target, port: portOf(made.targetHandle) },
    );
  }, []);
  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      setWiring(false);
      if (state.isValid === true || !state.fromNode) return;
      const isForward = state.fromHandle.type !== "target";
      if (state.toNode) {
        const ends = [state.fromNode.id, state.toNode.id] as const;
        tellRefusal(...(isForward ? ends : ([ends[1], ends[0]] as const)));
        return;
      }
      const point = "changedTouches" in event ? event.changedTouches[0] : event;
      if (!point) return;
      const at = flow.screenToFlowPosition({ x: point.clientX, y: point.clientY });
      const end = { name: state.fromNode.id, port: portOf(state.fromHandle.id) };
      useUi.setState({ quickAdd: isForward ? { at, from: end } : { at, to: end } });
    },
    [flow],
  );
  const onDrop = (event: DragEvent) => {
    const dropped = event.dataTransfer.getData(TYPE_MIME);
    if (dropped === "") return;
    event.preventDefault();
    const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    addDropped(dropped, at);
  };

  const isOverview = isBig && (isFar || isHeld);
  const isEmpty = scene.boxes.length === 0;
  return (
    <CanvasMenu>
      <div
        ref={root}
        className={`canvas ${isWiring ? "wiring" : ""} ${isSmall ? "small" : ""}`}
        role="application"
        aria-label={t("canvasOf", { name: scene.path || t("flow") })}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onDragOver={(event) => {
          event.preventDefault();
          event.dataTransfer.dropEffect = "copy";
        }}
        onDrop={onDrop}
      >
        <ReactFlow<BoxNode, WireEdgeType>
          nodes={isOverview ? NO_NODES : nodes}
          edges={isOverview ? NO_EDGES : edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          onNodeDrag={dragging.onDrag}
          onNodeDragStop={dragging.onStop}
          onSelectionDrag={dragging.onDrag}
          onSelectionDragStop={dragging.onStop}
          onNodeDoubleClick={(_, node) => {
            if (node.data.box.kind === "group") openGroup(node.data.box.path);
            else openDialog("rename");
          }}
          onConnectStart={() => {
            setWiring(true);
          }}
          onConnect={onConnect}
          onConnectEnd={onConnectEnd}
          onReconnect={(old, made) => {
            rewire(old.id, {
              from: { name: made.source, port: portOf(made.sourceHandle) },
              to: { name: made.target, port: portOf(made.targetHandle) },
            });
          }}
          reconnectRadius={12}
          isValidConnection={isValid}
          onPaneClick={() => {
            select([]);
            replaceAddress();
            root.current?.focus({ preventScroll: true });
          }}
          onPaneMouseMove={(event) => {
            const at = { x: event.clientX, y: event.clientY };
            useUi.setState({ pointer: flow.screenToFlowPosition(at) });
          }}
          onDoubleClick={(event) => {
            if (isOverview || !(event.target as Element).classList.contains("react-flow__pane"))
              return;
            const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
            useUi.setState({ quickAdd: { at } });
          }}
          minZoom={0.04}
          maxZoom={2}
          snapToGrid
          snapGrid={GRID}
          connectionRadius={28}
          selectionKeyCode="Shift"
          multiSelectionKeyCode={["Shift", "Meta", "Control"]}
          deleteKeyCode={null}
          panActivationKeyCode={null}
          zoomOnDoubleClick={false}
          panOnScroll={false}
          onlyRenderVisibleElements
          nodesFocusable={false}
          edgesFocusable={false}
          disableKeyboardA11y
          elevateNodesOnSelect={false}
          attributionPosition="bottom-center"
        >
          <svg className="marker" aria-hidden>
            <defs>
              <marker
                id="wire-end"
                viewBox="0 0 10 10"
                refX="9"
                refY="5"
                markerWidth="7"
                markerHeight="7"
                orient="auto-start-reverse"
              >
                <path d="M 0 1 L 9 5 L 0 9 z" className="marker-shape" />
              </marker>
            </defs>
          </svg>
          <Background variant={BackgroundVariant.Dots} gap={24} size={1.4} />
          <Late>{isOverview ? <Overview scene={scene} /> : null}</Late>
          <Guides />
          <Zoom />
          <Late>{hasRoom && !isEmpty ? <Minimap scene={scene} /> : null}</Late>
        </ReactFlow>
        {isEmpty ? <EmptyCanvas /> : null}
      </div>
    </CanvasMenu>
  );
}

/** Nobody went there by a key yet: a ring around all of it, which comes with the first one, is not the
 * first that one sees; nor are those of what is clicked after it. */
function focusQuietly(canvas: HTMLElement): void {
  canvas.focus({ preventScroll: true, focusVisible: false });
  canvas.addEventListener("keydown", () => (canvas.dataset.keys = ""), { once: true });
  canvas.addEventListener("blur", () => delete canvas.dataset.keys);
}

function thingsOf({ group }: Scene): (name: string) => object | undefined {
  return (name) => {
    const kind = kindOf(group, name);
    return kind && thingAt(group, kind, name);
  };
}
