/** What is selected, as commands ask. */
import { own } from "../graph/tree";
import { catalogNow } from "../state/catalog";
import { shownGroup } from "../state/navigate";
import { useUi } from "../state/ui";
import { selectedProcessors } from "./run";

export const hasNodes = () => useUi.getState().nodes.size > 0;
export const hasOne = () => useUi.getState().nodes.size === 1;
export const hasTwo = () => useUi.getState().nodes.size > 1;
export const hasThree = () => useUi.getState().nodes.size > 2;
export const hasAny = () => useUi.getState().nodes.size + useUi.getState().wires.size > 0;
export const hasOneWire = () => useUi.getState().wires.size === 1;
export const hasProcessors = () => selectedProcessors().length > 0;

/** The script of the processor that is selected, if it has one. */
export function selectedScript(): { group: string; name: string; property: string } | undefined {
  const { nodes, group } = useUi.getState();
  const [name = ""] = nodes;
  const processor = nodes.size === 1 ? own(shownGroup()?.processors, name) : undefined;
  const type = processor && catalogNow().get(processor.type);
  const spec = type?.properties.find(({ script }) => typeof script === "string");
  return spec && { group, name, property: spec.name };
}
