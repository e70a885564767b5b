/** The commands that start, stop and apply. */
import { control, selectedProcessors } from "./run";
import { hasProcessors } from "./selected";
import { openDialog } from "../state/navigate";
import { register } from "./registry";

export function registerRunning(): void {
  register(
    {
      id: "start",
      needs: "operator",
      label: "actStart",
      group: "run",
      keys: ["S"],
      isEnabled: hasProcessors,
      run: () => void control("start", selectedProcessors()),
    },
    {
      id: "stop",
      needs: "operator",
      label: "actStop",
      group: "run",
      keys: ["X"],
      isEnabled: hasProcessors,
      run: () => void control("stop", selectedProcessors()),
    },
    {
      id: "runOnce",
      needs: "operator",
      label: "actRunOnce",
      group: "run",
      keys: ["O"],
      isEnabled: hasProcessors,
      run: () => void control("runOnce", selectedProcessors()),
    },
    {
      id: "runUpTo",
      needs: "operator",
      label: "actRunUpTo",
      group: "run",
      keys: ["H"],
      isEnabled: hasProcessors,
      run: () => void control("runUpTo", selectedProcessors()),
    },
    {
      id: "terminate",
      needs: "operator",
      label: "actTerminate",
      group: "run",
      isEnabled: hasProcessors,
      run: () => void control("terminate", selectedProcessors()),
    },
    {
      id: "startAll",
      needs: "operator",
      label: "actStartAll",
      group: "run",
      run: () => void import("./start").then(({ startFlow }) => startFlow()),
    },
    {
      id: "stopAll",
      needs: "operator",
      label: "actStopAll",
      group: "run",
      run: () => void control("stop"),
    },
    {
      id: "plan",
      label: "actPlan",
      words: "wordsPlan",
      group: "run",
      keys: ["Mod+Enter"],
      isInFields: true,
      run: () => {
        openDialog("plan");
      },
    },
    {
      id: "deleteFlow",
      needs: "editor",
      label: "actDeleteFlow",
      words: "wordsDeleteFlow",
      group: "run",
      run: () => {
        openDialog("deleteFlow");
      },
    },
  );
}
