/** The list of all commands, in the order of the help. */
import { register } from "./registry";
import { registerGroups } from "./groups";
import { alignSelected, distributeSelected, nudge, removeSelected } from "./build";
import { control, selectedProcessors } from "./run";
import { zoomBy } from "./view";
import { sceneNow } from "../state/scene";
import type { MessageKey } from "../messages";
import { useDraft } from "../state/draft";
import {
  openDialog,
  openGroup,
  openProvenance,
  openQueue,
  openServices,
  replaceAddress,
  revealChanges,
  shownGroup,
} from "../state/navigate";
import { redo, undo } from "../state/openFlow";
import { setTheme, THEMES, useTheme } from "../state/theme";
import { focusAll, select, togglePanel, useUi, type DockTab } from "../state/ui";
import type { Alignment, Distribution } from "../graph/align";
import { join, kindOf, split } from "../graph/tree";

const copying = () => import("./copy");

const hasNodes = () => useUi.getState().nodes.size > 0;
const hasOne = () => useUi.getState().nodes.size === 1;
const hasTwo = () => useUi.getState().nodes.size > 1;
const hasThree = () => useUi.getState().nodes.size > 2;
const hasAny = () => useUi.getState().nodes.size + useUi.getState().wires.size > 0;
const hasOneWire = () => useUi.getState().wires.size === 1;
const hasProcessors = () => selectedProcessors().length > 0;

const ALIGN: readonly [Alignment, MessageKey, string][] = [
  ["left", "actAlignLeft", "ArrowLeft"],
  ["centre", "actAlignCentre", "C"],
  ["right", "actAlignRight", "ArrowRight"],
  ["top", "actAlignTop", "ArrowUp"],
  ["middle", "actAlignMiddle", "M"],
  ["bottom", "actAlignBottom", "ArrowDown"],
];
const DISTRIBUTE: readonly [Distribution, MessageKey, string][] = [
  ["across", "actDistributeAcross", "H"],
  ["down", "actDistributeDown", "V"],
];

function toggleDock(tab: DockTab): void {
  useUi.setState(({ dock }) => ({ dock: dock === tab ? undefined : tab }));
}

function quickAdd(): void {
  const { nodes } = useUi.getState();
  const [name] = nodes;
  const from = nodes.size === 1 && name !== undefined ? { name } : undefined;
  useUi.setState({ quickAdd: { from } });
}

function openSelected(): void {
  const [name] = useUi.getState().nodes;
  const box = sceneNow()?.boxes.find((each) => each.name === name);
  if (box?.kind === "group") openGroup(box.path);
  else useUi.setState({ isPanelOpen: true });
}

export function registerAll(): void {
  register(
    { id: "add", needs: "editor", label: "actAdd", group: "edit", keys: ["A"], run: quickAdd },
    {
      id: "connect",
      needs: "editor",
      label: "actConnect",
      group: "edit",
      keys: ["C"],
      isEnabled: hasOne,
      run: () => {
        openDialog("connect");
      },
    },
    {
      id: "rename",
      needs: "editor",
      label: "actRename",
      group: "edit",
      keys: ["F2"],
      isEnabled: hasOne,
      run: () => {
        openDialog("rename");
      },
    },
    {
      id: "undo",
      needs: "editor",
      label: "actUndo",
      group: "edit",
      keys: ["Mod+Z"],
      run: () => void undo().then(revealChanges),
    },
    {
      id: "redo",
      needs: "editor",
      label: "actRedo",
      group: "edit",
      keys: ["Mod+Shift+Z", "Mod+Y"],
      run: () => void redo().then(revealChanges),
    },
    {
      id: "copy",
      label: "actCopy",
      group: "edit",
      keys: ["Mod+C"],
      isEnabled: hasNodes,
      run: () => void copying().then((each) => each.copySelected()),
    },
    {
      id: "paste",
      needs: "editor",
      label: "actPaste",
      group: "edit",
      keys: ["Mod+V"],
      run: () => void copying().then((each) => each.pasteFromClipboard()),
    },
    {
      id: "cut",
      needs: "editor",
      label: "actCut",
      group: "edit",
      keys: ["Mod+X"],
      isEnabled: hasNodes,
      run: () =>
        void copying()
          .then((each) => each.copySelected())
          .then(removeSelected),
    },
    {
      id: "remove",
      needs: "editor",
      label: "actRemove",
      group: "edit",
      keys: ["Delete", "Backspace"],
      isEnabled: hasAny,
      run: removeSelected,
    },
    {
      id: "tidy",
      needs: "editor",
      label: "actTidy",
      group: "edit",
      keys: ["L"],
      run: () => void import("./tidy").then(({ tidy }) => tidy()),
    },
    {
      id: "endLoose",
      needs: "editor",
      label: "actEndLoose",
      group: "edit",
      keys: ["Shift+E"],
      run: () =>
        void import("./loose").then(({ endLoose }) => {
          endLoose();
        }),
    },
    {
      id: "parameters",
      label: "actParameters",
      group: "edit",
      keys: ["P"],
      run: () => {
        openDialog("parameters");
      },
    },
    { id: "services", label: "services", words: "wordsServices", group: "edit", run: openServices },
  );
  registerGroups();
  register(
    {
      id: "selectAll",
      label: "actSelectAll",
      group: "select",
      keys: ["Mod+A"],
      run: () => {
        const scene = sceneNow();
        if (scene) select(scene.boxes.map((box) => box.name));
      },
    },
    {
      id: "selectNone",
      label: "actSelectNone",
      group: "select",
      keys: ["Escape"],
      isEnabled: hasAny,
      run: () => {
        select([]);
        replaceAddress();
      },
    },
    ...(["Left", "Right", "Up", "Down"] as const).map((way) => ({
      id: `nudge${way}`,
      needs: "editor" as const,
      label: `actNudge${way}` as const,
      group: "select" as const,
      keys: [`Alt+Arrow${way}`],
      isEnabled: hasNodes,
      run: () => {
        const step = way === "Left" || way === "Up" ? -8 : 8;
        if (way === "Left" || way === "Right") nudge(step, 0);
        else nudge(0, step);
      },
    })),
    ...ALIGN.map(([how, label, key]) => ({
      id: `align ${how}`,
      needs: "editor" as const,
      label,
      group: "select" as const,
      keys: [`Alt+Shift+${key}`],
      isEnabled: hasTwo,
      run: () => void alignSelected(how),
    })),
    ...DISTRIBUTE.map(([how, label, key]) => ({
      id: `distribute ${how}`,
      needs: "editor" as const,
      label,
      group: "select" as const,
      keys: [`Alt+Shift+${key}`],
      isEnabled: hasThree,
      run: () => void distributeSelected(how),
    })),
  );
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
