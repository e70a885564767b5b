/** The bar at the foot of the canvas, and what it opens: problems, bulletins, the outline. */
import { lazy } from "react";
import { ChartLine, CircleAlert, CircleCheck, ListTree, Megaphone, X } from "lucide-react";
import { IconButton } from "../components/Button";
import { Late } from "../components/Late";
import { errorsIn } from "../graph/findings";
import { t } from "../messages";
import { runAction, shortcutOf } from "../actions/registry";
import { useDraft } from "../state/draft";
import { useLive } from "../state/live";
import { useFocusBack } from "../state/focus";
import { useUi, type DockTab } from "../state/ui";

const BulletinList = lazy(() => import("./BulletinList"));
const Outline = lazy(() => import("./Outline"));
const ProblemList = lazy(() => import("./ProblemList"));

export function Dock() {
  const dock = useUi((state) => state.dock);
  const isPaletteOpen = useUi((state) => state.isPaletteOpen);
  const isPanelOpen = useUi((state) =>
    state.nodes.size + state.wires.size > 0 ? state.isPanelOpen : state.isFlowPanelOpen,
  );
  useFocusBack(dock !== undefined);
  return (
    <>
      {dock ? (
        <section className="dock" aria-label={t(NAMES[dock])}>
          <div className="dock-head">
            <h2>{t(NAMES[dock])}</h2>
            <IconButton
              label={t("close")}
              isQuiet
              isSmall
              onClick={() => {
                useUi.setState({ dock: undefined });
              }}
            >
              <X size={14} />
            </IconButton>
          </div>
          <div className="dock-body">
            <Late key={dock}>
              {dock === "problems" ? <ProblemList /> : null}
              {dock === "bulletins" ? <BulletinList /> : null}
              {dock === "outline" ? <Outline /> : null}
            </Late>
          </div>
        </section>
      ) : null}
      <footer className="statusbar">
        {isPaletteOpen ? null : <OpenButton id="palette" name="palette" />}
        <ProblemsTab />
        <BulletinsTab />
        <DockButton tab="outline">
          <ListTree size={14} aria-hidden /> {t("outline")}
        </DockButton>
        <button
          type="button"
          className="statusbar-button"
          title={shortcutOf("figures")}
          onClick={() => {
            runAction("figures");
          }}
        >
          <ChartLine size={14} aria-hidden /> {t("figures")}
        </button>
        <span className="grow" />
        {isPanelOpen ? null : <OpenButton id="panel" name="panel" />}
      </footer>
    </>
  );
}

const NAMES = { problems: "problems", bulletins: "bulletins", outline: "outline" } as const;

function OpenButton({ id, name }: { id: string; name: "palette" | "panel" }) {
  return (
    <button
      type="button"
      className="statusbar-button"
      onClick={() => {
        runAction(id);
      }}
    >
      {t(name)}
    </button>
  );
}

function DockButton({ tab, children }: { tab: DockTab; children: React.ReactNode }) {
  const isOpen = useUi((state) => state.dock === tab);
  return (
    <button
      type="button"
      className="statusbar-button"
      aria-pressed={isOpen}
      title={shortcutOf(tab)}
      onClick={() => {
        runAction(tab);
      }}
    >
      {children}
    </button>
  );
}

function ProblemsTab() {
  const findings = useDraft((state) => state.findings);
  const errors = errorsIn(findings);
  const warnings = findings.all.length - errors;
  return (
    <DockButton tab="problems">
      {findings.all.length === 0 ? (
        <CircleCheck size={14} className="good" aria-hidden />
      ) : (
        <CircleAlert size={14} className={errors > 0 ? "bad" : "warn"} aria-hidden />
      )}
      {t("problems")}
      {errors > 0 ? <span className="badge bad">{errors}</span> : null}
      {warnings > 0 ? <span className="badge warn">{warnings}</span> : null}
    </DockButton>
  );
}

function BulletinsTab() {
  const errors = useLive(
    (state) => state.bulletins.filter((each) => each.level === "error").length,
  );
  const all = useLive((state) => state.bulletins.length);
  return (
    <DockButton tab="bulletins">
      <Megaphone size={14} aria-hidden /> {t("bulletins")}
      {all > 0 ? <span className={`badge ${errors > 0 ? "bad" : ""}`}>{all}</span> : null}
    </DockButton>
  );
}
