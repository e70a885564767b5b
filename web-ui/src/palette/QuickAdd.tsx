/** Adds a box by a few letters, wired to the one that is selected or that a wire was drawn from. */
import { Picker, type PickerItem } from "../components/Picker";
import { KindIcon, TypeIcon } from "../components/TypeIcon";
import { familyOf } from "../graph/families";
import { search } from "../graph/search";
import { canTake, contentOf, type Content } from "../graph/media";
import { canSend, likelyRelationship } from "../graph/relationships";
import { asFlow, join, kindOf } from "../graph/tree";
import type { ProcessorType } from "../api/types";
import { t } from "../messages";
import { addNodeAt, addProcessorAt } from "../actions/build";
import { catalogNow, useProcessorTypes } from "../state/catalog";
import { useDraft } from "../state/draft";
import type { QuickAdd } from "../state/pick";
import { shownGroup } from "../state/session";
import { useUi } from "../state/ui";
import { fits, textsOf } from "./find";

interface Item extends PickerItem {
  run: () => void;
}

/** What a wire from there would bring. */
function comesFrom({ name, port }: { name: string; port?: string | undefined }): Content {
  const { group } = useUi.getState();
  const tree = shownGroup();
  const relationship = likelyRelationship(tree, name, catalogNow());
  const flow = asFlow(useDraft.getState().documents.flow);
  const path = join(group, port === undefined ? name : `${name}/${port}`);
  return contentOf(flow, path, relationship === undefined ? [] : [relationship], catalogNow());
}

const STRUCTURE = [
  { kind: "funnel", name: "newFunnel" },
  { kind: "outputPort", name: "newOutput" },
  { kind: "inputPort", name: "newInput" },
  { kind: "group", name: "newGroup" },
  { kind: "label", name: "newLabel" },
] as const;

export function QuickAddPicker({ quickAdd }: { quickAdd: QuickAdd }) {
  const types = useProcessorTypes();
  const { at, to } = quickAdd;
  const kind = quickAdd.from && kindOf(shownGroup(), quickAdd.from.name);
  const from = kind && canSend(kind) ? quickAdd.from : undefined;
  const side = from ? "from" : to ? "to" : undefined;
  const item = (type: ProcessorType): Item => ({
    id: type.type,
    name: type.type,
    about: type.summary,
    icon: <TypeIcon family={familyOf(type)} />,
    run: () => {
      addProcessorAt(type.type, { at, from, to });
    },
  });
  const structure = STRUCTURE.filter(
    (each) => !side || each.kind === "funnel" || (from && each.kind === "outputPort"),
  );
  const others = structure.map((each): Item => ({
    id: each.kind,
    name: t(each.name),
    icon: <KindIcon kind={each.kind} />,
    run: () => {
      addNodeAt(each.kind, at, from);
    },
  }));
  const content = from && comesFrom(from);
  const find = (typed: string): Item[] => {
    const fitting = types.filter(
      (type) => fits(type, side) && (!content || canTake(type, content)),
    );
    const found = search(fitting, typed, textsOf).map(item);
    return [...found, ...search(others, typed, ({ name }) => [{ text: name, weight: 1 }])];
  };
  const title = from === undefined ? t("quickAdd") : t("quickAddAfter", { name: from.name });
  return (
    <Picker
      title={title}
      placeholder={title}
      none={t("noType")}
      find={find}
      onPick={(picked) => {
        picked.run();
        document.querySelector<HTMLElement>(".canvas")?.focus({ preventScroll: true });
      }}
      onClose={() => {
        useUi.setState({ quickAdd: undefined });
      }}
    />
  );
}
