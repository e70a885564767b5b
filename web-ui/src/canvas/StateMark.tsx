/** The state of a processor as a shape; the styles show the one that its box's `data-state` names,
 * so that a change of state renders nothing. */
import { Ban, LoaderCircle, Play, Square, TriangleAlert } from "lucide-react";
import { t } from "../messages";

export function StateMark() {
  return (
    <span className="state-mark">
      <Play className="of-running" size={13} fill="currentColor" aria-label={t("stateRunning")} />
      <Square className="of-stopped" size={11} fill="currentColor" aria-label={t("stateStopped")} />
      <Ban className="of-disabled" size={13} aria-label={t("stateDisabled")} />
      <LoaderCircle className="of-moving" size={13} aria-label={t("stateChanging")} />
      <TriangleAlert className="of-startFailed" size={13} aria-label={t("stateStartFailed")} />
    </span>
  );
}
