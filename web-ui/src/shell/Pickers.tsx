/** The command palette, and the list of what a box can be wired to. */
import { useQuery } from "@tanstack/react-query";
import { SquareChevronRight } from "lucide-react";
import { Picker } from "../components/Picker";
import { KindIcon, TypeIcon } from "../components/TypeIcon";
import { familyOf } from "../graph/families";
import { refusal } from "../graph/relationships";
import { search } from "../graph/search";
import { asFlow, kindOf, processorsOf, split, own } from "../graph/tree";
import { t } from "../messages";
import { allActions, perform, shortcutOf } from "../actions/registry";
import { startWire } from "../actions/build";
import { catalogNow } from "../state/catalog";
import { flowName, useDraft } from "../state/draft";
import { closeDialog, reveal, shownGroup } from "../state/navigate";
import { useUi } from "../state/ui";
import { sceneNow } from "../state/scene";
import type { Item } from "./elsewhere";

export function CommandPicker() {
  const commands = allActions()
    .filter((action) => action.id !== "commands" && action.isEnabled?.() !== false)
    .map((action): Item => {
      const keys = shortcutOf(action.id);
      return {
        id: action.id,
        name: t(action.label),
        icon: <SquareChevronRight size={16} aria-hidden />,
        ...(action.words ? { words: t(action.words) } : {}),
        side: keys === undefined ? undefined : <kbd className="key">{keys}</kbd>,
        run: () => {
          perform(action);
        },
      };
    });
  const catalog = catalogNow();
  const things = [...processorsOf(asFlow(useDraft.getState().documents.flow))].map(
    ([path, processor]): Item => ({
      id: `at ${path}`,
      name: path,
      about: processor.type,
      icon: <TypeIcon family={familyOf(catalog.get(processor.type))} />,
      run: () => {
        const { group, name } = split(path);
        reveal(group, name);
      },
    }),
  );
  // Looked for once somebody looks for anything.
  const { data: elsewhere = [] } = useQuery({
    queryKey: ["elsewhere", flowName()],
    queryFn: async () => (await import("./elsewhere")).itemsElsewhere(),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const texts = (item: Item) => [
    { text: item.name, weight: item.weight ?? 1 },
    { text: item.about ?? "", weight: 0.6 * (item.weight ?? 1) },
    { text: item.words ?? "", weight: 0.6 },
  ];
  return (
    <Picker
      title={t("commandTitle")}
      placeholder={t("commandPlaceholder")}
      none={t("commandNone")}
      find={(typed) => search([...commands, ...things, ...elsewhere], typed, texts)}
      onPick={(item) => {
        item.run();
      }}
      onClose={closeDialog}
    />
  );
}

export function ConnectPicker() {
  const [from = ""] = useUi.getState().nodes;
  const group = shownGroup();
  const catalog = catalogNow();
  const fromKind = kindOf(group, from);
  const targets = (sceneNow()?.boxes ?? [])
    .filter((box) => fromKind && !refusal(group, { name: from, kind: fromKind }, box, catalog))
    .map((box): Item => {
      const type = own(group?.processors, box.name)?.type;
      return {
        id: box.name,
        name: box.name,
        about: type,
        icon:
          box.kind === "processor" ? (
            <TypeIcon family={familyOf(catalog.get(type ?? ""))} />
          ) : (
            <KindIcon kind={box.kind} />
          ),
        run: () => {
          startWire({ name: from }, { name: box.name });
        },
      };
    });
  const title = t("connectTitle", { name: from });
  return (
    <Picker
      title={title}
      placeholder={title}
      none={t("connectNone")}
      isOfCanvas
      find={(typed) => search(targets, typed, ({ name }) => [{ text: name, weight: 1 }])}
      onPick={(item) => {
        item.run();
      }}
      onClose={closeDialog}
    />
  );
}
