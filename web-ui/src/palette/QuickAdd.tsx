/** Adds a box by a few letters, wired to the one that is selected or that a wire was drawn from. */
import { useEffect, useState } from "react";
import { Picker, type PickerItem } from "../components/Picker";
import { KindIcon, TypeIcon } from "../components/TypeIcon";
import { familyOf } from "../graph/families";
import { search } from "../graph/search";
import { canSend, isRelevant, likelyRelationship } from "../graph/relationships";
import { asFlow, join, kindOf } from "../graph/tree";
import type { ProcessorType, PropertySpec } from "../api/types";
import { t } from "../messages";
import { addNodeAt, addProcessorAt, NEW } from "../actions/build";
import { catalogNow, useAreTypesComing, useProcessorTypes } from "../state/catalog";
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

/** The property that `=` sets behind the name of a type: the first that must be set, or that the
 * default of another asks for. Nobody means one that need not be by that. */
function firstWanted({ properties }: ProcessorType): string | undefined {
  const isOpen = (each: PropertySpec) => each.default === null && isRelevant(each, {}, properties);
  const wanted = properties.find((each) => isOpen(each) && each.required);
  return (wanted ?? properties.find((each) => isOpen(each) && each.dependsOn))?.name;
}

/** What a wire is mostly drawn on to comes first. */
const STRUCTURE = [NEW.funnel, NEW.outputPort, NEW.inputPort, NEW.group, NEW.label];

export function QuickAddPicker({ quickAdd }: { quickAdd: QuickAdd }) {
  const types = useProcessorTypes();
  const isComing = useAreTypesComing();
  const { at, to } = quickAdd;
  const kind = quickAdd.from && kindOf(shownGroup(), quickAdd.from.name);
  const from = kind && canSend(kind) ? quickAdd.from : undefined;
  const side = from ? "from" : to ? "to" : undefined;
  const other = (from ?? to)?.name ?? "";
  const misfit = t(from ? "misfitsBehind" : "misfitsBefore", { name: other });
  /** What is said of an item, as long as nothing is wrong with the value behind it. */
  const about = (value: string, property?: string, summary?: string) => {
    if (value === "") return summary;
    return property === undefined
      ? t("takesNoValue", { value })
      : t("pickValue", { property, value });
  };
  const apart = { part: misfit, side: <span className="badge">{t("withoutWire")}</span> };
  const item = (type: ProcessorType, value: string, isFitting: boolean): Item => {
    const property = value === "" ? undefined : firstWanted(type);
    const properties = property === undefined ? {} : { [property]: value };
    return {
      id: type.type,
      name: type.type,
      about: about(value, property, type.summary),
      icon: <TypeIcon family={familyOf(type)} />,
      ...(isFitting ? {} : apart),
      run: () => {
        const wired = isFitting ? { from, to } : {};
        addProcessorAt(type.type, { at, ...wired, properties });
      },
    };
  };
  const isWired = ({ kind: each }: (typeof STRUCTURE)[number]) =>
    !side || each === "funnel" || (from !== undefined && each === "outputPort");
  const structure = (value: string, isFitting: boolean) =>
    STRUCTURE.filter((each) => isWired(each) === isFitting).map((each): Item => ({
      id: each.kind,
      name: t(each.name),
      about: about(value),
      icon: <KindIcon kind={each.kind} />,
      ...(isFitting ? {} : apart),
      run: () => {
        addNodeAt(each.kind, at, isFitting ? from : undefined);
      },
    }));
  const isTaken = useTaken(from);
  const find = (typed: string): Item[] => {
    const [named = "", ...rest] = typed.split("=");
    const value = rest.join("=").trim();
    // A value alone is of no type.
    if (named.trim() === "" && rest.length > 0) return [];
    const part = (isFitting: boolean) => [
      ...search(
        types.filter((type) => (fits(type, side) && isTaken(type)) === isFitting),
        named,
        textsOf,
      ).map((type) => item(type, value, isFitting)),
      ...search(structure(value, isFitting), named, ({ name }) => [{ text: name, weight: 1 }]),
    ];
    // All that there is would bury what fits: the others are for who looks for one by name, and
    // not at the end of a wire.
    const hasOthers = named.trim() !== "" && at === undefined;
    return [...part(true), ...(hasOthers ? part(false) : [])];
  };
  const title = from === undefined ? t("quickAdd") : t("quickAddAfter", { name: from.name });
  return (
    <Picker
      title={title}
      placeholder={title}
      isComing={isComing}
      none={(typed) => t(typed.trim().startsWith("=") ? "nameBeforeValue" : "noType")}
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
