/** The commands that put boxes into groups and take them out. */
import { kindOf } from "../graph/tree";
import { shownGroup } from "../state/navigate";
import { useUi } from "../state/ui";
import { register } from "./registry";

const grouping = () => import("./grouping");

const isOneGroup = () => {
  const { nodes } = useUi.getState();
  const [name] = nodes;
  return nodes.size === 1 && name !== undefined && kindOf(shownGroup(), name) === "group";
};

export function registerGroups(): void {
  register(
    {
      id: "group",
      needs: "editor",
      label: "actGroup",
      words: "wordsGroup",
      group: "edit",
      keys: ["Mod+G"],
      isEnabled: () => useUi.getState().nodes.size > 0,
      run: () =>
        void grouping().then(({ groupSelected }) => {
          groupSelected();
        }),
    },
    {
      id: "ungroup",
      needs: "editor",
      label: "actUngroup",
      words: "wordsUngroup",
      group: "edit",
      keys: ["Mod+Shift+G"],
      isEnabled: isOneGroup,
      run: () =>
        void grouping().then(({ ungroupSelected }) => {
          ungroupSelected();
        }),
    },
  );
}
