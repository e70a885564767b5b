/** Makes services, also for a property that needs one, and shows them in the panel of their group. */
import { addThing } from "../graph/edits";
import { apply, change, type Seen } from "../graph/changes";
import { wordsOf } from "../graph/families";
import { servicesIn } from "../graph/scope";
import { asFlow, freeName } from "../graph/tree";
import { t } from "../messages";
import { useDraft } from "../state/draft";
import { openService } from "../state/navigate";
import { pathIn, type Owner } from "../state/members";
import { commit } from "../state/openFlow";

/** Of that name no service is seen from the group, so that it is the one that is meant there. */
function nameIn(group: string, type: string): string {
  const flow = asFlow(useDraft.getState().documents.flow);
  return freeName(undefined, wordsOf(type), new Set(servicesIn(flow, group).keys()));
}

export function addService(group: string, type: string): void {
  const name = nameIn(group, type);
  const { documents } = useDraft.getState();
  void commit(t("labelAdd", { name }), addThing(documents, group, "service", name, { type }));
}

/** Makes one beside a processor or service, and sets the property of it that needs one. */
export function addServiceFor(
  owner: Owner,
  member: readonly string[],
  type: string,
  seen: Seen,
): void {
  const name = nameIn(owner.group, type);
  const { documents } = useDraft.getState();
  const added = addThing(documents, owner.group, "service", name, { type });
  const set = change(apply(documents, added), "flow", pathIn(owner, member), name, seen);
  openService(owner.group, name);
  void commit(t("labelAdd", { name }), [...added, ...set]);
}
