/** The commands that make and change what is drawn. */
import { removeSelected } from "./build";
import { hasNodes, hasOne, hasAny } from "./selected";
import { openDialog, openServices, revealChanges } from "../state/navigate";
import { redo, undo } from "../state/openFlow";
import { useUi } from "../state/ui";
import { registerGroups } from "./groups";
import { register } from "./registry";

const copying = () => import("./copy");

function quickAdd(): void {
  const { nodes } = useUi.getState();
  const [name] = nodes;
  const from = nodes.size === 1 && name !== undefined ? { name } : undefined;
  useUi.setState({ quickAdd: { from } });
}

export function registerEditing(): void {
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
      run: () => void import("./loose").then(({ endLoose }) => endLoose()),
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
}
