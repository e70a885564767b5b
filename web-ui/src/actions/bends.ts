/** Leads wires another way. */
import { Edit } from "../graph/changes";
import type { Point } from "../graph/edits";
import { asLayout, join, own } from "../graph/tree";
import { t } from "../messages";
import { useDraft } from "../state/draft";
import { commit } from "../state/openFlow";
import { useUi } from "../state/ui";

/** Where it bends now, also before that is drawn. */
export function bendsOf(name: string): readonly Point[] {
  const { bends } = asLayout(useDraft.getState().documents.layout);
  return own(bends, join(useUi.getState().group, name)) ?? [];
}

/** Leads a wire through these points; through none it finds its own way. */
export function setBends(name: string, bends: readonly Point[]): void {
  const whole = bends.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) }));
  const edit = new Edit(useDraft.getState().documents);
  const path = ["bends", join(useUi.getState().group, name)];
  edit.set("layout", path, whole.length > 0 ? whole : undefined);
  void commit(t("labelBend", { name }), edit.changes);
}
