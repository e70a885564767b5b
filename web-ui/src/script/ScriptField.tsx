/** A script in the panel: to be looked at and changed a little; the large editor is one press away. */
import { useRef } from "react";
import { Maximize2 } from "lucide-react";
import type { Finding } from "../api/types";
import { Button } from "../components/Button";
import { RefusedNote } from "../components/Inputs";
import { t } from "../messages";
import { shortcutOf } from "../actions/registry";
import { openScript } from "../state/navigate";
import type { Owner } from "../state/members";
import { useMay } from "../state/user";
import { MeanwhileNote } from "./MeanwhileNote";
import { ScriptEditor, type EditorHandle } from "./ScriptEditor";
import { Written } from "./Written";
import { useScript } from "./useScript";
import "../styles/script.css";
import "../styles/versions.css";

interface Props {
  id: string;
  owner: Owner;
  property: string;
  findings: readonly Finding[];
}

const NO_FAULTS: readonly never[] = [];

export default function ScriptField({ id, owner, property, findings }: Props) {
  const script = useScript(owner, property);
  const mayEdit = useMay("editor");
  const editor = useRef<EditorHandle>(null);
  const foot = useRef<HTMLDivElement>(null);
  const { refusal } = script;
  const told = [...findings.map(({ message }) => message), refusal ?? ""].filter(Boolean);
  return (
    <Written className="script-whole" onEnd={script.end}>
      <div className="script-field" data-invalid={told.length > 0}>
        <ScriptEditor
          ref={editor}
          id={id}
          label={property}
          text={script.text}
          isHeld={script.isHeld}
          language={script.language}
          faults={NO_FAULTS}
          attributes={NO_FAULTS}
          isSmall
          isReadOnly={!mayEdit}
          isInvalid={told.length > 0}
          description={[t("scriptKeys"), ...told].join(". ")}
          onType={script.type}
          onEnd={script.end}
          onLeave={() => {
            foot.current?.querySelector("button")?.focus();
          }}
          onRun={undefined}
        />
        <div className="script-foot" ref={foot}>
          <small aria-hidden>{t("scriptKeys")}</small>
          <Button
            isSmall
            onClick={() => {
              openScript(owner.group, owner.name, property);
            }}
          >
            <Maximize2 size={13} aria-hidden /> {t("scriptOpen")}
            <kbd className="key">{shortcutOf("script")}</kbd>
          </Button>
        </div>
      </div>
      {refusal === undefined ? null : <RefusedNote id={`${id}-refused`} why={refusal} />}
      {script.isChanged ? (
        <MeanwhileNote script={script} onTheirs={() => editor.current?.focus()} />
      ) : null}
    </Written>
  );
}
