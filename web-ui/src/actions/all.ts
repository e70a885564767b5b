/** The list of all commands, in the order of the help. */
import { registerArranging } from "./arranging";
import { registerEditing } from "./editing";
import { registerLooking } from "./looking";
import { registerRunning } from "./running";

export function registerAll(): void {
  registerEditing();
  registerArranging();
  registerRunning();
  registerLooking();
}
