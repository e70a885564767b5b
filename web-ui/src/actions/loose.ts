/** Ends what leads nowhere: relationships that no wire carries are auto-terminated, as one step. */
import { endRelationships } from "../graph/loose";
import { t, plural } from "../messages";
import { catalogNow } from "../state/catalog";
import { useDraft } from "../state/draft";
import { commit } from "../state/openFlow";
import { shownGroup } from "../state/navigate";
import { toast, useUi } from "../state/ui";

/** Those of what is selected; of all of the shown group where nothing is. */
export function endLoose(): void {
  const { nodes, group } = useUi.getState();
  const tree = shownGroup();
  const all = Object.keys(tree?.processors ?? {});
  const names = nodes.size > 0 ? all.filter((name) => nodes.has(name)) : all;
  const { documents } = useDraft.getState();
  const { changes, ended } = endRelationships(documents, group, names, catalogNow());
  if (ended.length === 0) {
    toast({ tone: "info", title: t("nothingLoose") });
    return;
  }
  const title = plural(ended.length, "looseOne", "looseMany");
  // What is lost from now on is named: it was one key.
  const detail = ended.map(({ name, relationship }) => `${name}: ${relationship}`).join(", ");
  void commit(title, changes);
  toast({ tone: "info", title, detail });
}
