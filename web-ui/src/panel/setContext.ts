/** Sets what stands at a path below the parameter contexts of the flow. */
import type { Json } from "../api/types";
import { Edit, type Seen } from "../graph/changes";
import { useDraft } from "../state/draft";
import { commit } from "../state/openFlow";

export function setContext(
  path: string[],
  value: Json | undefined,
  label: string,
  seen?: Seen,
): void {
  const edit = new Edit(useDraft.getState().documents);
  void commit(label, edit.set("flow", ["parameterContexts", ...path], value, seen).changes);
}
