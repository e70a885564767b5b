/** Beside the canvas: what is selected, or the flow. */
import { lazy, useEffect, type KeyboardEvent } from "react";
import { Late } from "../components/Late";
import { t } from "../messages";
import { useDraft } from "../state/draft";
import { focusCanvas, useFocusBack } from "../state/focus";
import { useUi } from "../state/ui";
import { useMay } from "../state/user";

// The forms are large, and a flow opens with nothing selected.
const load = () => import("./Selected");
const Selected = lazy(load);
/** By then the flow is seen. */
const AHEAD_MS = 3_000;

/** Brings the forms before they are asked for: a server that is gone by then could not. */
function useFormsAhead(): void {
  useEffect(() => {
    // What fails is tried again when it is needed, and told then.
    const timer = setTimeout(() => void load().catch(() => undefined), AHEAD_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
}

export function SidePanel() {
  const isOpen = useUi((state) => state.isPanelOpen);
  const isOfFlow = useUi((state) => state.isFlowPanelOpen);
  const hasSelection = useUi((state) => state.nodes.size + state.wires.size > 0);
  const mayEdit = useMay("editor");
  const isFull = useDraft((state) => state.isFull);
  const isShown = hasSelection ? isOpen : isOfFlow;
  useFocusBack(isShown);
  useFormsAhead();
  if (!isShown) return null;
  return (
    <aside className="panel" aria-label={t("panel")} onKeyDown={leave}>
      <Late>
        <Selected />
      </Late>
      {mayEdit ? null : <p className="panel-note">{t(isFull ? "pendingFull" : "readOnly")}</p>}
    </aside>
  );
}

/** Escape leads from a field back to the canvas; by then the field has taken back what was typed.
 * Elsewhere it is the canvas's already: nothing is selected. */
function leave(event: KeyboardEvent<HTMLElement>): void {
  const isField = (event.target as HTMLElement).matches("input, textarea, select");
  if (event.key !== "Escape" || !isField) return;
  event.preventDefault();
  focusCanvas();
}
