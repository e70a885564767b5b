/** Puts what is selected into a group, and takes a group apart; each is one step of undo. */
import { groupThings, keepsTogether, ungroup } from "../graph/grouping";
import { own } from "../graph/tree";
import { t } from "../messages";
import { useDraft } from "../state/draft";
import { replaceAddress, shownGroup } from "../state/navigate";
import { commit } from "../state/openFlow";
import { sceneNow } from "../state/scene";
import { focusOn, select, toast, useUi } from "../state/ui";

export function groupSelected(): void {
  const { nodes, group } = useUi.getState();
  const { documents } = useDraft.getState();
  const drawn = sceneNow()?.boxes ?? [];
  const made = groupThings(documents, group, nodes, t("newGroup"), drawn);
  if (!made) {
    toast({ tone: "info", title: t("groupNothing") });
    return;
  }
  const { name, changes } = made;
  select([name]);
  void commit(t("labelGroup", { name }), changes);
  replaceAddress();
  focusOn(name);
}

export function ungroupSelected(): void {
  const { nodes, group } = useUi.getState();
  const [name = ""] = nodes;
  const box = sceneNow()?.boxes.find((each) => each.name === name);
  if (keepsTogether(own(shownGroup()?.groups, name))) {
    toast({ tone: "info", title: t("ungroupNot", { name }), detail: t("ungroupNotText") });
    return;
  }
  const made = box && ungroup(useDraft.getState().documents, group, name, box);
  if (!made) return;
  select(made.names);
  void commit(t("labelUngroup", { name }), made.changes);
  replaceAddress();
  focusOn(...made.names);
}
