/** A script with room: its text, and beside it what it is tried on. What is written is the draft's. */
import { lazy, useMemo, useRef, useState } from "react";
import { CloudCheck, FilePlus2, Pencil, Search, TriangleAlert } from "lucide-react";
import { Button, IconButton } from "../components/Button";
import { RefusedNote } from "../components/Inputs";
import { MenuButton } from "../components/MenuButton";
import { Modal } from "../components/Modal";
import { join } from "../graph/tree";
import { plural, t } from "../messages";
import { runAction, shownKeys } from "../actions/registry";
import { flowName } from "../state/draft";
import type { Owner } from "../state/members";
import { settled } from "../state/openFlow";
import { announce } from "../state/ui";
import { useMay } from "../state/user";
import { Bench } from "./Bench";
import { faultsIn } from "./faults";
import { MeanwhileNote } from "./MeanwhileNote";
import { Written } from "./Written";
import { useSampleNames } from "./SamplePart";
import { ScriptEditor, type EditorHandle } from "./ScriptEditor";
import { benchKey, benchOf, run, useBench } from "./trial";
import { flowWith, takeBack, useScript, type Script } from "./useScript";
import "../styles/bench.css";
import "../styles/script.css";
import "../styles/versions.css";

const loadSnippets = () => import("./SnippetList");
const SnippetList = lazy(loadSnippets);

interface Props {
  group: string;
  name: string;
  property: string;
  onClose: () => void;
}

export default function ScriptDialog({ group, name, property, onClose }: Props) {
  const owner = useMemo((): Owner => ({ group, kind: "processor", name }), [group, name]);
  const [flow] = useState(flowName);
  const bench = benchKey(flow, join(group, name));
  const script = useScript(owner, property);
  const mayEdit = useMay("editor");
  const isGone = script.processor === undefined;
  const editor = useRef<EditorHandle>(null);
  const pane = useRef<HTMLElement>(null);
  const [place, setPlace] = useState({ line: 1, column: 1 });
  const { last } = useBench(bench);
  const names = useSampleNames(bench);
  const faults = useMemo(
    () =>
      faultsIn(
        (last?.report.log ?? [])
          .filter(({ level }) => level === "error")
          .map((each) => each.message),
      ),
    [last],
  );
  // Nothing is kept of what is gone, and what was written must not come back as something else.
  const end = isGone ? () => undefined : script.end;
  const close = () => {
    end();
    onClose();
  };
  const tryIt = () => {
    void (async () => {
      // What was done here before is the server's by then; what is still written goes along.
      await settled();
      const isDone = await run(flow, join(group, name), flowWith(owner, property, script.text));
      const report = benchOf(bench).last?.report;
      if (!isDone || !report) return;
      const isBad = report.log.some(({ level }) => level === "error");
      announce(
        isBad ? t("benchFailed") : plural(report.sent.length, "benchDoneOne", "benchDoneMany"),
      );
    })();
  };
  /** Where the keyboard goes on: at what one does next, or else at the first tab beside it. */
  const leave = () => {
    const around = pane.current?.parentElement;
    const run = around?.querySelector<HTMLElement>(".bench-run:not(:disabled)");
    (run ?? around?.querySelector<HTMLElement>(".bench .tab"))?.focus();
  };
  const goTo = (line: number) => {
    editor.current?.goTo(line);
  };
  return (
    <Modal
      title={t("scriptTitle", { property, name })}
      size="full"
      onClose={close}
      foot={
        <>
          <span className="script-foot-text muted">{mayEdit ? t("scriptFoot") : null}</span>
          <Button onClick={close}>{t("close")}</Button>
          <Button
            tone="primary"
            disabled={!mayEdit}
            onClick={() => {
              end();
              runAction("plan");
            }}
          >
            {t("scriptApply")}
          </Button>
        </>
      }
    >
      <div className="script">
        <section className="script-pane" aria-label={t("scriptCode")} ref={pane}>
          <div className="script-bar">
            {script.languageName === undefined ? null : (
              <span className="badge accent">{script.languageName}</span>
            )}
            {script.language !== undefined && mayEdit ? (
              <MenuButton
                label={t("scriptInsert")}
                icon={<FilePlus2 size={15} />}
                isSmall
                load={loadSnippets}
              >
                {(menu) => (
                  <SnippetList
                    place={menu}
                    language={script.language ?? "python"}
                    onPick={(code) => {
                      editor.current?.insert(code);
                    }}
                  />
                )}
              </MenuButton>
            ) : null}
            <IconButton
              label={t("scriptFind")}
              shortcut={shownKeys("Mod+F")}
              isQuiet
              isSmall
              onClick={() => {
                editor.current?.find();
              }}
            >
              <Search size={15} />
            </IconButton>
            <span className="grow" />
            <Kept script={script} isReadOnly={!mayEdit} />
          </div>
          <Written className="script-text" onEnd={end}>
            <Notes script={script} isGone={isGone} onTheirs={() => editor.current?.focus()} />
            <ScriptEditor
              ref={editor}
              label={property}
              text={isGone ? undefined : script.text}
              isHeld={script.isHeld}
              language={script.language}
              faults={faults}
              attributes={names}
              isSmall={false}
              isFocused
              isReadOnly={!mayEdit || isGone}
              isInvalid={script.refusal !== undefined}
              description={[t("scriptKeys"), script.refusal ?? ""].filter(Boolean).join(". ")}
              onType={script.type}
              onEnd={end}
              onLeave={leave}
              onRun={mayEdit ? tryIt : undefined}
              onPlace={(line, column) => {
                setPlace({ line, column });
              }}
            />
          </Written>
          <div className="script-status">
            <span>{t("scriptLine", place)}</span>
            {faults.length > 0 ? (
              <button
                type="button"
                className="script-faults"
                onClick={() => {
                  goTo(faults[0]?.line ?? 1);
                }}
              >
                {plural(faults.length, "scriptFaultOne", "scriptFaultMany")}
              </button>
            ) : null}
            <span className="grow" />
            <span>{t("scriptKeys")}</span>
          </div>
        </section>
        <Bench
          flow={flow}
          owner={owner}
          property={property}
          bench={bench}
          now={script.stored}
          onRun={tryIt}
          onLine={goTo}
          onBack={(version) => {
            takeBack(owner, property, version.text, version.revision);
          }}
        />
      </div>
    </Modal>
  );
}

/** Whether what is written is in the draft. */
function Kept({ script, isReadOnly }: { script: Script; isReadOnly: boolean }) {
  if (isReadOnly) return <span className="script-kept">{t("scriptReadOnly")}</span>;
  return script.isTyping ? (
    <span className="script-kept typed">
      <Pencil size={13} aria-hidden /> {t("scriptTyped")}
    </span>
  ) : (
    <span className="script-kept">
      <CloudCheck size={13} aria-hidden /> {t("scriptKept")}
    </span>
  );
}

interface NotesProps {
  script: Script;
  isGone: boolean;
  onTheirs: () => void;
}

/** What hinders, above the text. */
function Notes({ script, isGone, onTheirs }: NotesProps) {
  const { refusal, languageName, language } = script;
  return (
    <>
      {isGone ? (
        <p className="script-note warn" role="alert">
          <TriangleAlert size={14} aria-hidden /> {t("scriptGone")}
        </p>
      ) : null}
      {refusal === undefined ? null : <RefusedNote id="script-refused" why={refusal} />}
      {script.isChanged && !isGone ? <MeanwhileNote script={script} onTheirs={onTheirs} /> : null}
      {languageName !== undefined && language === undefined ? (
        <p className="script-note muted">{t("scriptOtherLanguage", { name: languageName })}</p>
      ) : null}
    </>
  );
}
