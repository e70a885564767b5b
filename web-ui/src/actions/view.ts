/** The view of the canvas, for commands: it is there while a canvas is. */
import type { ReactFlowInstance } from "@xyflow/react";

type View = Pick<ReactFlowInstance, "zoomIn" | "zoomOut" | "zoomTo">;

let view: View | undefined;

export function setView(shown: View | undefined): void {
  view = shown;
}

export function zoomBy(way: "in" | "out" | "reset"): void {
  if (way === "in") void view?.zoomIn();
  else if (way === "out") void view?.zoomOut();
  else void view?.zoomTo(1);
}
