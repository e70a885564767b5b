/** Says that somebody else has changed a script that is just being written, and what they made of it. */
import { Users } from "lucide-react";
import { Button } from "../components/Button";
import { t } from "../messages";
import { diff } from "./diff";
import { DiffView } from "./DiffView";
import type { Script } from "./useScript";

interface Props {
  script: Script;
  /** Theirs counts, and one goes on in the editor. */
  onTheirs: () => void;
}

export function MeanwhileNote({ script, onTheirs }: Props) {
  return (
    // A press on it does not leave what is being written.
    <div className="script-meanwhile" role="status" tabIndex={-1}>
      <Users size={14} aria-hidden />
      <div>
        <strong>{t("scriptMeanwhile")}</strong>
        <p>{t("scriptMeanwhileHelp")}</p>
        <details>
          <summary>{t("scriptWhatDiffers")}</summary>
          <DiffView label={t("scriptWhatDiffers")} lines={diff(script.text, script.stored)} />
        </details>
        <Button
          isSmall
          onClick={() => {
            script.takeBack(onTheirs);
          }}
        >
          {t("scriptTheirs")}
        </Button>
      </div>
    </div>
  );
}
