/** What is selected, in full: loaded when something is shown of it. */
import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalDistributeCenter,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalDistributeCenter,
  ChevronsRight,
  Pencil,
} from "lucide-react";
import { Button, IconButton } from "../components/Button";
import { KIND_WORDS, KindIcon, TypeIcon } from "../components/TypeIcon";
import { familyOf } from "../graph/families";
import { asFlow, groupAt, kindOf, thingAt, type ProcessorTree, own } from "../graph/tree";
import { t } from "../messages";
import { actionOf, runAction, shortcutOf } from "../actions/registry";
import { useCatalog } from "../state/catalog";
import { useDraft } from "../state/draft";
import { togglePanel, useUi } from "../state/ui";
import { useMay } from "../state/user";
import { ConnectionPanel } from "./ConnectionPanel";
import { GroupPanel } from "./GroupPanel";
import { ProcessorPanel } from "./ProcessorPanel";
import { LabelPanel, PortPanel } from "./SmallPanels";
import type { Owner } from "../state/members";

export default function Selected() {
  const path = useUi((state) => state.group);
  const nodes = useUi((state) => state.nodes);
  const wires = useUi((state) => state.wires);
  const flow = useDraft((state) => state.documents.flow);
  const name = useDraft((state) => state.flow);
  const catalog = useCatalog();
  const tree = groupAt(asFlow(flow), path);
  const [node] = nodes;
  const [wire] = wires;
  if (nodes.size + wires.size > 1) return <Several count={nodes.size + wires.size} />;
  const kind = node === undefined ? undefined : kindOf(tree, node);
  if (node !== undefined && kind) {
    const owner: Owner = { group: path, kind, name: node };
    const key = JSON.stringify([path, node]);
    const thing = thingAt(tree, kind, node);
    if (kind === "processor") {
      const processor = thing as ProcessorTree;
      const family = familyOf(catalog.get(processor.type));
      return (
        <>
          <Head title={node} about={processor.type} icon={<TypeIcon family={family} />} canRename />
          <ProcessorPanel key={key} owner={owner} processor={processor} />
        </>
      );
    }
    return (
      <>
        <Head title={node} about={t(KIND_WORDS[kind])} icon={<KindIcon kind={kind} />} canRename />
        {kind === "group" ? (
          <GroupPanel key={key} path={path === "" ? node : `${path}/${node}`} />
        ) : null}
        {kind === "inputPort" || kind === "outputPort" ? (
          <PortPanel key={key} owner={owner} />
        ) : null}
        {kind === "label" ? <LabelPanel key={key} owner={owner} /> : null}
      </>
    );
  }
  const connection = wire === undefined ? undefined : own(tree?.connections, wire);
  if (wire !== undefined && connection) {
    return (
      <>
        <Head
          title={`${connection.from} → ${connection.to}`}
          about={t("connection")}
          icon={<KindIcon kind="connection" />}
        />
        <ConnectionPanel
          key={JSON.stringify([path, wire])}
          owner={{ group: path, kind: "connection", name: wire }}
          connection={connection}
        />
      </>
    );
  }
  const title = path === "" ? (name ?? "") : (path.split("/").at(-1) ?? "");
  return (
    <>
      <Head
        title={title}
        about={path === "" ? t("flow") : t("group")}
        icon={<KindIcon kind="group" />}
      />
      <GroupPanel key={path} path={path} />
    </>
  );
}

interface HeadProps {
  title: string;
  about: string;
  icon: React.ReactNode;
  canRename?: boolean;
}

function Head({ title, about, icon, canRename = false }: HeadProps) {
  return (
    <div className="panel-head">
      {icon}
      <div className="panel-title">
        <h2 title={title}>{title}</h2>
        <p>{about}</p>
      </div>
      {canRename ? (
        <IconButton
          label={t("actRename")}
          shortcut={shortcutOf("rename")}
          isQuiet
          onClick={() => {
            runAction("rename");
          }}
        >
          <Pencil size={15} />
        </IconButton>
      ) : null}
      <IconButton
        label={t("actPanel")}
        shortcut={shortcutOf("panel")}
        isQuiet
        onClick={togglePanel}
      >
        <ChevronsRight size={16} />
      </IconButton>
    </div>
  );
}

const FOR_SEVERAL = ["start", "stop", "group", "tidy", "copy", "remove"] as const;

const ALIGN = [
  ["align left", AlignStartVertical],
  ["align centre", AlignCenterVertical],
  ["align right", AlignEndVertical],
  ["align top", AlignStartHorizontal],
  ["align middle", AlignCenterHorizontal],
  ["align bottom", AlignEndHorizontal],
  ["distribute across", AlignHorizontalDistributeCenter],
  ["distribute down", AlignVerticalDistributeCenter],
] as const;

function AlignButtons() {
  const mayEdit = useMay("editor");
  return (
    <div className="align-buttons" role="group" aria-label={t("align")}>
      {ALIGN.map(([id, Icon]) => {
        const action = actionOf(id);
        if (!action) return null;
        return (
          <IconButton
            key={id}
            label={t(action.label)}
            shortcut={shortcutOf(id)}
            disabled={!mayEdit || action.isEnabled?.() === false}
            onClick={() => {
              runAction(id);
            }}
          >
            <Icon size={16} />
          </IconButton>
        );
      })}
    </div>
  );
}

function Several({ count }: { count: number }) {
  return (
    <>
      <Head title={t("severalSelected", { count })} about="" icon={<KindIcon kind="group" />} />
      <div className="form">
        <AlignButtons />
        {FOR_SEVERAL.map((id) => {
          const action = actionOf(id);
          if (!action) return null;
          return (
            <Button
              key={id}
              tone={id === "remove" ? "danger" : undefined}
              onClick={() => {
                runAction(id);
              }}
            >
              {t(action.label)}
            </Button>
          );
        })}
      </div>
    </>
  );
}
