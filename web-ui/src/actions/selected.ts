/** What is selected, as commands ask. */
import { useUi } from "../state/ui";
import { selectedProcessors } from "./run";

export const hasNodes = () => useUi.getState().nodes.size > 0;
export const hasOne = () => useUi.getState().nodes.size === 1;
export const hasTwo = () => useUi.getState().nodes.size > 1;
export const hasThree = () => useUi.getState().nodes.size > 2;
export const hasAny = () => useUi.getState().nodes.size + useUi.getState().wires.size > 0;
export const hasOneWire = () => useUi.getState().wires.size === 1;
export const hasProcessors = () => selectedProcessors().length > 0;
