/** Ends what leads nowhere: relationships that no wire carries are auto-terminated, as one step. */
import { endRelationships } from "../graph/loose";
import { t, plural } from "../messages";
import { catalogNow } from "../state/catalog";
import { flowName, useDraft } from "../state/draft";
import { commit } from "../state/openFlow";
import { shownGroup } from "../state/navigate";
import { toast, useUi } from "../state/ui";

/** Those of what is selected; of all of the shown group where nothing is. What was done is told when
 * the server has answered, as it may refuse. */
export async function endLoose(): Promise<void> {
  const { nodes, group } = useUi.getState();
  const all = Object.keys(shownGroup()?.processors ?? {});
  const names = nodes.size > 0 ? all.filter((name) => nodes.has(name)) : all;
  const others = all.filter((name) => !names.includes(name));
  const looseOf = (some: readonly string[]) =>
    endRelationships(useDraft.getState().documents, group, some, catalogNow());
  const { changes, ended } = looseOf(names);
  const label = plural(ended.length, "looseOne", "looseMany");
  const flow = flowName();
  if (ended.length > 0) await commit(label, changes);
  // Another flow was opened meanwhile.
  if (flow !== flowName()) return;
  // It was refused, as a whole.
  if (ended.length > 0 && looseOf(names).ended.length > 0) return;
  const still = looseOf(others).ended.length;
  const rest = still === 0 ? undefined : plural(still, "looseStillOne", "looseStillMany");
  if (ended.length === 0) {
    const title = t(still === 0 ? "nothingLoose" : "nothingLooseHere");
    toast({ tone: "info", title, detail: rest });
    return;
  }
  // What is lost from now on is named: it was one key.
  const detail = ended.map(({ name, relationship }) => `${name}: ${relationship}`).join(", ");
  toast({ tone: "info", title: label, detail: [detail, rest].filter(Boolean).join(". ") });
}
