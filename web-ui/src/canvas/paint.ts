/** Paints boxes and wires on a canvas: the overview of large flows, and the small map. */
import type { Box, Wire } from "../graph/boxes";
import { useDraft } from "../state/draft";
import { connections, processors } from "../state/live";
import { useUi } from "../state/ui";
import { toneOf } from "./useFindings";

export interface Colours {
  box: string;
  line: string;
  wire: string;
  good: string;
  warn: string;
  bad: string;
  accent: string;
  text: string;
  label: string;
}

export function coloursNow(): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return {
    box: of("--surface"),
    line: of("--line-strong"),
    wire: of("--wire"),
    good: of("--good"),
    warn: of("--warn"),
    bad: of("--bad"),
    accent: of("--accent"),
    text: of("--text"),
    label: of("--warn-soft"),
  };
}

function colourOf(box: Box, colours: Colours): string {
  const tone = toneOf(useDraft.getState().findings, box.path);
  if (tone === "bad") return colours.bad;
  const state = processors.latest.get(box.path)?.status.state;
  if (state === "startFailed") return colours.bad;
  if (tone === "warn") return colours.warn;
  if (state === "running") return colours.good;
  return box.kind === "label" ? colours.label : colours.line;
}

/** Draws all; the context is already in the units of the boxes, of which a pixel is `unit`. */
export function paint(
  context: CanvasRenderingContext2D,
  boxes: readonly Box[],
  wires: readonly Wire[],
  colours: Colours,
  unit: number,
): void {
  const byName = new Map(boxes.map((box) => [box.name, box]));
  const full: [Box, Box][] = [];
  context.lineWidth = unit;
  context.strokeStyle = colours.wire;
  context.beginPath();
  for (const wire of wires) {
    const from = byName.get(wire.from);
    const to = byName.get(wire.to);
    if (!from || !to || from === to) continue;
    if (connections.latest.get(wire.path)?.status.backPressure) full.push([from, to]);
    line(context, from, to);
  }
  context.stroke();
  if (full.length > 0) {
    context.lineWidth = unit * 3;
    context.strokeStyle = colours.bad;
    context.beginPath();
    for (const [from, to] of full) line(context, from, to);
    context.stroke();
  }
  const { nodes } = useUi.getState();
  for (const box of boxes) {
    const colour = colourOf(box, colours);
    context.fillStyle = box.kind === "label" ? colours.label : colours.box;
    context.fillRect(box.x, box.y, box.width, box.height);
    context.fillStyle = colour;
    context.fillRect(box.x, box.y, Math.max(box.width * 0.06, unit * 2), box.height);
    context.strokeStyle = nodes.has(box.name) ? colours.accent : colour;
    context.lineWidth = nodes.has(box.name) ? unit * 3 : unit;
    context.strokeRect(box.x, box.y, box.width, box.height);
  }
}

function line(context: CanvasRenderingContext2D, from: Box, to: Box): void {
  context.moveTo(from.x + from.width, from.y + from.height / 2);
  context.lineTo(to.x, to.y + to.height / 2);
}

/** Fits a canvas to its element's size and the screen's density. */
export function prepare(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const density = Math.min(window.devicePixelRatio, 2);
  const [columns, rows] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  const context = canvas.getContext("2d");
  context?.setTransform(density, 0, 0, density, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}
