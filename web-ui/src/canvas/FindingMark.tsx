/** Says on a box that something is wrong with it, by colour and shape. */
import { CircleAlert, TriangleAlert } from "lucide-react";
import { Hint } from "../components/Hint";
import { plural } from "../messages";
import { useUi } from "../state/ui";
import { messagesOf, useFindingCount, useFindingTone } from "./useFindings";

export function FindingMark({ path }: { path: string }) {
  const tone = useFindingTone(path);
  const count = useFindingCount(path);
  if (!tone) return null;
  const Icon = tone === "bad" ? CircleAlert : TriangleAlert;
  return (
    <Hint text={messagesOf(path)}>
      <button
        type="button"
        className={`finding-mark ${tone} nodrag`}
        aria-label={plural(count, "problemsOfOne", "problemsOfMany", { path })}
        tabIndex={-1}
        onClick={() => {
          useUi.setState({ dock: "problems" });
        }}
      >
        <Icon size={13} aria-hidden />
        {count > 1 ? <span>{count}</span> : null}
      </button>
    </Hint>
  );
}
