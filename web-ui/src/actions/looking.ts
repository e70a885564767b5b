/** The commands that show something, and that lead somewhere. */
import { zoomBy } from "./view";
import { hasOne, hasOneWire, selectedScript } from "./selected";
import { sceneNow } from "../state/scene";
import { useDraft } from "../state/draft";
import {
  openDialog,
  openGroup,
  openProvenance,
  openQueue,
  openScript,
  shownGroup,
} from "../state/navigate";
import { FLOWS_PAGE } from "../state/route";
import { setTheme, THEMES, useTheme } from "../state/theme";
import { focusAll, select, togglePanel, useUi, type DockTab } from "../state/ui";
import { join, kindOf, split } from "../graph/tree";
import { register } from "./registry";

function toggleDock(tab: DockTab): void {
  useUi.setState(({ dock }) => ({ dock: dock === tab ? undefined : tab }));
}

function openSelected(): void {
  const [name] = useUi.getState().nodes;
  const box = sceneNow()?.boxes.find((each) => each.name === name);
  if (box?.kind === "group") openGroup(box.path);
  else useUi.setState({ isPanelOpen: true });
}

export function registerLooking(): void {
  register(
    {
      id: "queue",
      label: "actQueue",
      words: "wordsQueue",
      group: "view",
      keys: ["Q"],
      isEnabled: hasOneWire,
      run: () => {
        const { wires, group } = useUi.getState();
        const [wire] = wires;
        if (wire !== undefined) openQueue(join(group, wire));
      },
    },
    {
      id: "provenance",
      label: "actProvenance",
      group: "view",
      keys: ["V"],
      run: () => {
        const { nodes, group } = useUi.getState();
        const [name] = nodes;
        const isProcessor =
          nodes.size === 1 && name !== undefined && kindOf(shownGroup(), name) === "processor";
        openProvenance(isProcessor ? { component: join(group, name) } : {});
      },
    },
    {
      id: "problems",
      label: "actProblems",
      group: "view",
      keys: ["1"],
      run: () => {
        toggleDock("problems");
      },
    },
    {
      id: "bulletins",
      label: "actBulletins",
      group: "view",
      keys: ["2"],
      run: () => {
        toggleDock("bulletins");
      },
    },
    {
      id: "outline",
      label: "actOutline",
      group: "view",
      keys: ["3"],
      run: () => {
        toggleDock("outline");
      },
    },
    {
      id: "figures",
      label: "figures",
      words: "wordsFigures",
      group: "view",
      keys: ["4"],
      run: () => {
        openDialog("figures");
      },
    },
    {
      id: "operations",
      label: "operationsTitle",
      words: "wordsOperations",
      group: "view",
      keys: ["Shift+H"],
      run: () => {
        openDialog("operations");
      },
    },
    {
      id: "trash",
      label: "trashTitle",
      words: "wordsTrash",
      group: "view",
      keys: ["Shift+T"],
      run: () => {
        openDialog("trash");
      },
    },
    {
      id: "palette",
      label: "actPalette",
      group: "view",
      keys: ["["],
      run: () => {
        useUi.setState(({ isPaletteOpen }) => ({ isPaletteOpen: !isPaletteOpen }));
      },
    },
    {
      id: "panel",
      label: "actPanel",
      group: "view",
      keys: ["]"],
      run: togglePanel,
    },
    {
      id: "zoomIn",
      label: "zoomIn",
      group: "view",
      keys: ["+", "="],
      run: () => {
        zoomBy("in");
      },
    },
    {
      id: "zoomOut",
      label: "zoomOut",
      group: "view",
      keys: ["-"],
      run: () => {
        zoomBy("out");
      },
    },
    {
      id: "zoomReset",
      label: "zoomReset",
      group: "view",
      keys: ["0"],
      run: () => {
        zoomBy("reset");
      },
    },
    {
      id: "fit",
      label: "fit",
      group: "view",
      keys: ["F"],
      run: () => {
        focusAll();
      },
    },
    {
      id: "theme",
      label: "actTheme",
      group: "view",
      keys: ["T"],
      run: () => {
        const at = THEMES.indexOf(useTheme.getState().theme);
        setTheme(THEMES[(at + 1) % THEMES.length] ?? "system");
      },
    },
  );
  register(
    {
      id: "open",
      label: "actOpen",
      group: "go",
      keys: ["E"],
      isEnabled: hasOne,
      run: openSelected,
    },
    {
      id: "script",
      label: "actScript",
      words: "wordsScript",
      group: "go",
      keys: ["Mod+E"],
      isInFields: true,
      isEnabled: () => selectedScript() !== undefined,
      run: () => {
        const found = selectedScript();
        if (found) openScript(found.group, found.name, found.property);
      },
    },
    {
      id: "up",
      label: "actUp",
      group: "go",
      keys: ["U"],
      isEnabled: () => useUi.getState().group !== "",
      run: () => {
        const { group } = useUi.getState();
        const inner = split(group);
        openGroup(inner.group);
        select([inner.name]);
      },
    },
    {
      id: "commands",
      label: "actCommands",
      group: "go",
      keys: ["Mod+K"],
      isEnabled: () => useDraft.getState().phase === "ready",
      run: () => {
        openDialog("commands");
      },
    },
    {
      id: "newFlow",
      needs: "editor",
      label: "newFlow",
      words: "wordsNewFlow",
      group: "go",
      run: () => {
        openDialog("newFlow");
      },
    },
    {
      id: "flows",
      label: "flows",
      words: "wordsFlows",
      group: "go",
      run: () => {
        location.hash = FLOWS_PAGE;
      },
    },
    {
      id: "help",
      label: "actHelp",
      group: "go",
      keys: ["?"],
      run: () => {
        openDialog("help");
      },
    },
  );
}
