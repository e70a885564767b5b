/** A flow, open: the canvas in the middle, and what belongs to it around it. */
import { lazy } from "react";
import { ReactFlowProvider } from "@xyflow/react";
import { saidOf } from "../api/problems";
import { Canvas } from "../canvas/Canvas";
import { registerAll } from "../actions/all";
import { useShortcuts } from "../actions/useShortcuts";
import { FailedPage } from "../components/FailedPage";
import { Late } from "../components/Late";
import { QuickAddPicker } from "../palette/QuickAdd";
import { SidePanel } from "../panel/SidePanel";
import { t } from "../messages";
import { useDraft } from "../state/draft";
import { closeDialog, closeScript } from "../state/navigate";
import { useLive } from "../state/live";
import { useUi } from "../state/ui";
import { Dock } from "./Dock";
import { CommandPicker, ConnectPicker } from "./Pickers";
import { TopBar } from "./TopBar";

// What a person types into at once is there at the start: keys must not reach the canvas meanwhile.
const Palette = lazy(() => import("../palette/Palette"));
const PlanDialog = lazy(() => import("./PlanDialog"));
const QueueDialog = lazy(() => import("../queue/QueueDialog"));
const ProvenanceDialog = lazy(() => import("../provenance/ProvenanceDialog"));
const RelationshipDialog = lazy(() => import("../panel/RelationshipDialog"));
const RenameDialog = lazy(() => import("./RenameDialog"));
const NewFlowDialog = lazy(() => import("./NewFlowDialog"));
const HelpDialog = lazy(() => import("./HelpDialog"));
const FiguresDialog = lazy(() => import("../figures/FiguresDialog"));
const OperationsDialog = lazy(() => import("../operations/OperationsDialog"));
const TrashDialog = lazy(() => import("../trash/TrashDialog"));
const DeleteFlowDialog = lazy(() => import("./DeleteFlowDialog"));
const GonePage = lazy(() => import("./GonePage"));
const ScriptDialog = lazy(() => import("../script/ScriptDialog"));
const ParametersDialog = lazy(() => import("../panel/ParametersDialog"));

registerAll();

export default function FlowPage({ flow }: { flow: string }) {
  const isGone = useDraft((state) => state.phase === "gone" && state.flow === flow);
  return isGone ? (
    <Late>
      <GonePage flow={flow} />
    </Late>
  ) : (
    <ReactFlowProvider>
      <OpenFlow flow={flow} />
    </ReactFlowProvider>
  );
}

function OpenFlow({ flow }: { flow: string }) {
  const phase = useDraft((state) => state.phase);
  const problem = useDraft((state) => state.problem);
  const isConnected = useLive((state) => state.isConnected);
  const isPaletteOpen = useUi((state) => state.isPaletteOpen);
  useShortcuts();
  return (
    <div className={isConnected ? "page" : "page lost"}>
      <TopBar flow={flow} />
      {phase === "failed" ? (
        <FailedPage
          title={problem?.title ?? t("serverGone")}
          text={problem?.detail ? saidOf(problem) : problem?.help}
          label={t("again")}
        />
      ) : (
        <div className="work">
          <Late coming={isPaletteOpen ? <aside className="palette" /> : null}>
            <Palette />
          </Late>
          <main className="middle">
            <Canvas />
            <Dock />
          </main>
          <SidePanel />
        </div>
      )}
      <Dialogs flow={flow} />
    </div>
  );
}

function Dialogs({ flow }: { flow: string }) {
  const dialog = useUi((state) => state.dialog);
  const quickAdd = useUi((state) => state.quickAdd);
  const wirePick = useUi((state) => state.wirePick);
  const script = useUi((state) => state.script);
  return (
    <>
      {/* It stays while another one lies above it, such as the review. */}
      {script ? (
        <Late key={Object.values(script).join("\n")} onFail={closeScript}>
          <ScriptDialog {...script} onClose={closeScript} />
        </Late>
      ) : null}
      {quickAdd ? <QuickAddPicker quickAdd={quickAdd} /> : null}
      {dialog === "commands" ? <CommandPicker /> : null}
      {dialog === "connect" ? <ConnectPicker /> : null}
      <Late key={dialog ?? ""} onFail={closeDialog}>
        {dialog === "help" ? <HelpDialog onClose={closeDialog} /> : null}
        {wirePick ? <RelationshipDialog pick={wirePick} /> : null}
        {dialog === "rename" ? <RenameDialog onClose={closeDialog} /> : null}
        {dialog === "newFlow" ? <NewFlowDialog onClose={closeDialog} /> : null}
        {dialog === "plan" ? <PlanDialog onClose={closeDialog} /> : null}
        {dialog === "queue" ? <QueueDialog onClose={closeDialog} /> : null}
        {dialog === "provenance" ? <ProvenanceDialog onClose={closeDialog} /> : null}
        {dialog === "figures" ? <FiguresDialog onClose={closeDialog} /> : null}
        {dialog === "operations" ? <OperationsDialog onClose={closeDialog} /> : null}
        {dialog === "trash" ? <TrashDialog onClose={closeDialog} /> : null}
        {dialog === "deleteFlow" ? <DeleteFlowDialog flow={flow} onClose={closeDialog} /> : null}
        {dialog === "parameters" ? <ParametersDialog onClose={closeDialog} /> : null}
      </Late>
    </>
  );
}
