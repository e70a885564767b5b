/** The group that is shown as boxes and wires. What the layout has no place for gets one here. */
import { useEffect, useMemo, useState } from "react";
import { boxesOf, wiresOf, type Box, type Wire } from "../graph/boxes";
import type { Point } from "../graph/edits";
import { withLanes } from "../graph/lanes";
import { asFlow, asLayout, groupAt, type GroupTree } from "../graph/tree";
import { useDraft } from "./draft";
import { useUi } from "./ui";

export interface Scene {
  group: GroupTree;
  path: string;
  boxes: Box[];
  wires: Wire[];
  /** Boxes that the layout does not know; their places are made up here. */
  unplaced: ReadonlySet<string>;
}

const NOTHING: GroupTree = {};
const NO_PLACES: ReadonlyMap<string, Point> = new Map();

/** The scene, once every box has a place. */
let shown: Scene | undefined;

export function sceneNow(): Scene | undefined {
  return shown;
}

export function useScene(): Scene | undefined {
  const path = useUi((state) => state.group);
  const flow = useDraft((state) => state.documents.flow);
  const layout = useDraft((state) => state.documents.layout);
  const isReady = useDraft((state) => state.phase === "ready");
  const group = groupAt(asFlow(flow), path) ?? NOTHING;
  const { boxes, unplaced } = useMemo(
    () => boxesOf(group, path, asLayout(layout)),
    [group, path, layout],
  );
  const wires = useMemo(() => wiresOf(group, path, asLayout(layout)), [group, path, layout]);
  const [places, setPlaces] = useState<{ for: Box[]; map: ReadonlyMap<string, Point> }>();
  useEffect(() => {
    if (unplaced.size === 0 || !isReady) return undefined;
    let isOver = false;
    void import("../graph/layout")
      .then(({ layoutRest }) => layoutRest(boxes, wires, unplaced))
      .then((map) => {
        if (!isOver) setPlaces({ for: boxes, map });
      });
    return () => {
      isOver = true;
    };
  }, [boxes, wires, unplaced, isReady]);
  const map = unplaced.size === 0 ? NO_PLACES : places?.map;
  const isPlaced = unplaced.size === 0 || [...unplaced].every((name) => map?.has(name));
  const scene = useMemo((): Scene | undefined => {
    if (!isReady || !isPlaced || !map) return undefined;
    const placed = boxes.map((box) => ({ ...box, ...map.get(box.name) }));
    return { group, path, boxes: placed, wires: withLanes(wires, placed), unplaced };
  }, [isReady, isPlaced, map, boxes, group, path, wires, unplaced]);
  useEffect(() => {
    shown = scene;
  }, [scene]);
  return scene;
}
