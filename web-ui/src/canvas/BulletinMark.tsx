/** Says on a box that its processor has told of an error or a warning of late, and what. */
import { MessageSquareWarning, MessageSquareX } from "lucide-react";
import { Hint } from "../components/Hint";
import { clock } from "../messages/format";
import { t } from "../messages";
import { useNewestTold, useToneTold } from "../state/told";
import { useUi } from "../state/ui";

export function BulletinMark({ path }: { path: string }) {
  const newest = useNewestTold(path);
  const tone = useToneTold(path);
  if (!newest || !tone) return null;
  const Icon = tone === "bad" ? MessageSquareX : MessageSquareWarning;
  const { timeMs, filename, message } = newest;
  const told = filename === null ? message : t("toldOf", { name: filename, message });
  return (
    <Hint text={t("toldAt", { time: clock(timeMs), message: told })}>
      <button
        type="button"
        className={`finding-mark ${tone} nodrag`}
        aria-label={t("bulletinsOf", { path })}
        tabIndex={-1}
        onClick={() => {
          useUi.setState({ dock: "bulletins" });
        }}
      >
        <Icon size={13} aria-hidden />
      </button>
    </Hint>
  );
}
