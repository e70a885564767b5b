/** Adds a box by a few letters, wired to the one that is selected or that a wire was drawn from. */
import { useEffect, useState } from "react";
import { Picker, type PickerItem } from "../components/Picker";
import { KindIcon, TypeIcon } from "../components/TypeIcon";
import { familyOf } from "../graph/families";
import { search } from "../graph/search";
import { canSend, isRelevant, likelyRelationship } from "../graph/relationships";
import { asFlow, join, kindOf } from "../graph/tree";
import type { ProcessorType } from "../api/types";
import { t } from "../messages";
import { addNodeAt, addProcessorAt } from "../actions/build";
import { catalogNow, useProcessorTypes } from "../state/catalog";
import { useDraft } from "../state/draft";
import type { QuickAdd } from "../state/pick";
import { shownGroup } from "../state/navigate";
import { useUi } from "../state/ui";
import { fits, textsOf } from "./find";

interface Item extends PickerItem {
  run: () => void;
}

/** Whether a type can work on what a wire from there would bring, once that is known. */
function useTaken(from: QuickAdd["from"]): (type: ProcessorType) => boolean {
  const [taken, setTaken] = useState<(type: ProcessorType) => boolean>();
  const { name, port } = from ?? {};
  useEffect(() => {
    if (name === undefined) return;
    const look = async () => {
      const { canTake, contentOf } = await import("../graph/media");
      const catalog = catalogNow();
      const relationship = likelyRelationship(shownGroup(), name, catalog);
      const path = join(useUi.getState().group, port === undefined ? name : `${name}/${port}`);
      const flow = asFlow(useDraft.getState().documents.flow);
      const carried = relationship === undefined ? [] : [relationship];
      const content = contentOf(flow, path, carried, catalog);
      setTaken(() => (type: ProcessorType) => canTake(type, content));
    };
    // Without that all types are offered: while the server is gone one goes on drawing.
    look().catch(() => undefined);
  }, [name, port]);
  return taken ?? (() => true);
}

/** The property that `=` sets behind the name of a type: the first that must be set, or else has no
 * value of its own. */
function firstWanted({ properties }: ProcessorType): string | undefined {
  const open = properties.filter((each) => each.default === null);
  const wanted = open.find((each) => each.required);
  return (wanted ?? open.find((each) => isRelevant(each, {}, properties)))?.name;
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
  const item = (type: ProcessorType, value: string): Item => {
    const property = value === "" ? undefined : firstWanted(type);
    const properties = property === undefined ? {} : { [property]: value };
    return {
      id: type.type,
      name: type.type,
      about: property === undefined ? type.summary : t("pickValue", { property, value }),
      icon: <TypeIcon family={familyOf(type)} />,
      run: () => {
        addProcessorAt(type.type, { at, from, to, properties });
      },
    };
  };
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
  const isTaken = useTaken(from);
  const find = (typed: string): Item[] => {
    const [named = "", ...rest] = typed.split("=");
    const value = rest.join("=").trim();
    const fitting = types.filter((type) => fits(type, side) && isTaken(type));
    const found = search(fitting, named, textsOf).map((type) => item(type, value));
    return [...found, ...search(others, named, ({ name }) => [{ text: name, weight: 1 }])];
  };
  const title = from === undefined ? t("quickAdd") : t("quickAddAfter", { name: from.name });
  return (
    <Picker
      title={title}
      placeholder={title}
      none={t("noType")}
      isOfCanvas
      find={find}
      onPick={(picked) => {
        picked.run();
      }}
      onClose={() => {
        useUi.setState({ quickAdd: undefined });
      }}
    />
  );
}
