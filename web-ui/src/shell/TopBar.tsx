/** Where one is, what is going on, and what can be done with the flow as a whole. */
import { Fragment } from "react";
import {
  ChevronRight,
  CloudCheck,
  History as HistoryIcon,
  LoaderCircle,
  Play,
  Redo2,
  Search,
  Square,
  Trash2,
  Undo2,
  WifiOff,
} from "lucide-react";
import { Button, IconButton } from "../components/Button";
import { Hint } from "../components/Hint";
import { moment } from "../messages/format";
import { errorsIn } from "../graph/findings";
import { plural, t } from "../messages";
import { runAction, shortcutOf } from "../actions/registry";
import { useDraft } from "../state/draft";
import { useLive } from "../state/live";
import { openGroup } from "../state/navigate";
import { useUi } from "../state/ui";
import { useMay, useRefusal } from "../state/user";
import { flowHash } from "../state/route";
import { FlowFigures } from "./FlowFigures";
import { Logo } from "../components/Logo";
import { ThemeMenu } from "../components/ThemeMenu";
import { UserMenu } from "../components/UserMenu";
import { FlowMenu } from "./FlowMenu";
import { HelpMenu } from "./HelpMenu";
import { Present } from "./Present";

export function TopBar({ flow }: { flow: string }) {
  return (
    <header className="topbar">
      <Logo />
      <FlowMenu flow={flow} />
      <Breadcrumbs flow={flow} />
      <Saved />
      <span className="grow" />
      <Present flow={flow} />
      <FlowFigures />
      <RunButtons />
      <span className="topbar-line" />
      <History />
      <ApplyButton />
      <span className="topbar-line" />
      <IconButton
        label={t("actCommands")}
        shortcut={shortcutOf("commands")}
        isQuiet
        onClick={() => {
          runAction("commands");
        }}
      >
        <Search size={17} />
      </IconButton>
      <HelpMenu />
      <ThemeMenu />
      <UserMenu />
    </header>
  );
}

function Breadcrumbs({ flow }: { flow: string }) {
  const group = useUi((state) => state.group);
  const names = group === "" ? [] : group.split("/");
  const steps = [
    { name: flow, path: "" },
    ...names.map((name, index) => ({ name, path: names.slice(0, index + 1).join("/") })),
  ];
  return (
    <nav className="breadcrumbs" aria-label={t("breadcrumbs")}>
      <ol>
        {steps.map(({ name, path }, index) => (
          <Fragment key={path}>
            {index > 0 ? (
              <li aria-hidden>
                <ChevronRight size={14} />
              </li>
            ) : null}
            <li>
              <a
                href={flowHash(flow, path)}
                aria-current={index === steps.length - 1 ? "page" : undefined}
                onClick={(event) => {
                  event.preventDefault();
                  openGroup(path);
                }}
              >
                {name}
              </a>
            </li>
          </Fragment>
        ))}
      </ol>
    </nav>
  );
}

function Saved() {
  const isSaving = useDraft((state) => state.isSaving);
  const failingSince = useDraft((state) => state.failingSince);
  const isFull = useDraft((state) => state.isFull);
  const isConnected = useLive((state) => state.isConnected);
  const time = failingSince === undefined ? "" : moment(failingSince);
  if (failingSince !== undefined || !isConnected) {
    const known = isFull ? "notSavedFull" : "notSavedSince";
    return (
      <span className="saved lost" role="status">
        <WifiOff size={14} aria-hidden />
        {failingSince === undefined ? t("connectionLost") : t(known, { time })}
      </span>
    );
  }
  const text = t(isFull ? "pendingFull" : isSaving ? "saving" : "saved");
  return (
    <Hint text={text}>
      <span className="saved" role="img" aria-label={text}>
        {isSaving ? <LoaderCircle size={14} className="turning" /> : <CloudCheck size={15} />}
      </span>
    </Hint>
  );
}

/** A flow that never ran starts by being applied. */
function FirstStart() {
  const refusal = useRefusal("editor");
  const errors = useDraft((state) => errorsIn(state.findings));
  return (
    <>
      {errors === 0 ? (
        <span className="badge">{t("notApplied")}</span>
      ) : (
        <span className="badge bad">{plural(errors, "flowIdleOne", "flowIdleMany")}</span>
      )}
      <Button
        tone="primary"
        disabled={refusal !== undefined}
        title={refusal}
        onClick={() => {
          runAction("startAll");
        }}
      >
        <Play size={13} fill="currentColor" aria-hidden /> {t("start")}
      </Button>
    </>
  );
}

function RunButtons() {
  const state = useLive((live) => live.state);
  const isApplied = useDraft((draft) => draft.isRunning);
  const refusal = useRefusal("operator");
  if (!isApplied) return <FirstStart />;
  const isRunning = state === "running" || state === "starting";
  return isRunning ? (
    <Button
      disabled={refusal !== undefined}
      title={refusal}
      onClick={() => {
        runAction("stopAll");
      }}
    >
      <Square size={12} fill="currentColor" aria-hidden /> {t("stop")}
    </Button>
  ) : (
    <Button
      disabled={refusal !== undefined}
      title={refusal}
      onClick={() => {
        runAction("startAll");
      }}
    >
      <Play size={13} fill="currentColor" aria-hidden /> {t("start")}
    </Button>
  );
}

function History() {
  const undo = useDraft((state) => state.undo);
  const redo = useDraft((state) => state.redo);
  const mayEdit = useMay("editor");
  return (
    <>
      <IconButton
        label={undo === undefined ? t("actUndo") : t("undoOf", { label: undo })}
        shortcut={shortcutOf("undo")}
        isQuiet
        disabled={undo === undefined || !mayEdit}
        onClick={() => {
          runAction("undo");
        }}
      >
        <Undo2 size={17} />
      </IconButton>
      <IconButton
        label={redo === undefined ? t("actRedo") : t("redoOf", { label: redo })}
        shortcut={shortcutOf("redo")}
        isQuiet
        disabled={redo === undefined || !mayEdit}
        onClick={() => {
          runAction("redo");
        }}
      >
        <Redo2 size={17} />
      </IconButton>
      <IconButton
        label={t("operationsTitle")}
        shortcut={shortcutOf("operations")}
        isQuiet
        onClick={() => {
          runAction("operations");
        }}
      >
        <HistoryIcon size={17} />
      </IconButton>
      <IconButton
        label={t("trashTitle")}
        shortcut={shortcutOf("trash")}
        isQuiet
        onClick={() => {
          runAction("trash");
        }}
      >
        <Trash2 size={17} />
      </IconButton>
    </>
  );
}

function ApplyButton() {
  // What does not run is not applied, whatever it was when it was written.
  const isNew = useDraft((state) => state.isAhead || !state.isRunning);
  return (
    <Button
      tone={isNew ? "primary" : undefined}
      className="apply-button"
      onClick={() => {
        runAction("plan");
      }}
    >
      {isNew ? t("reviewApply") : t("applied")}
    </Button>
  );
}
