/** What is found by name beside what is in the flow: other flows, what can be added, and the manual. */
import { BookOpen, Workflow } from "lucide-react";
import { addNodeAt, addProcessorAt, NEW } from "../actions/build";
import type { FlowSummary } from "../api/types";
import type { PickerItem } from "../components/Picker";
import { KindIcon, TypeIcon } from "../components/TypeIcon";
import { familyOf } from "../graph/families";
import type { HelpPage } from "../help/pages";
import { t } from "../messages";
import { queries, typesNow, FLOWS } from "../state/catalog";
import { flowName } from "../state/draft";
import { helpHash, showFlow } from "../state/route";
import { refusalFor } from "../state/user";

/** What is found by name. */
export interface Item extends PickerItem {
  words?: string;
  /** How well it fits beside others; 1 where nothing is said. */
  weight?: number;
  run: () => void;
}

/** It comes behind what is in the flow, where both fit as well. */
const FLOW_WEIGHT = 0.95;
const TYPE_WEIGHT = 0.9;
const PAGE_WEIGHT = 0.8;

/** What cannot be asked for is left out. */
export async function itemsElsewhere(): Promise<Item[]> {
  const flows = queries.query(FLOWS);
  const manual = import("../help/pages").then(({ pages }) => pages);
  return [
    ...flowItems(await flows.catch(() => [])),
    ...(refusalFor("editor") === undefined ? typeItems() : []),
    ...manualItems(await manual.catch(() => [])),
  ];
}

const sort = (text: string) => <small className="muted">{text}</small>;

function flowItems(flows: readonly FlowSummary[]): Item[] {
  return flows
    .filter(({ name }) => name !== flowName())
    .map(({ name, description }) => ({
      id: `flow ${name}`,
      name,
      ...(description ? { about: description } : {}),
      icon: <Workflow size={16} aria-hidden />,
      side: sort(t("flow")),
      weight: FLOW_WEIGHT,
      run: () => {
        showFlow(name);
      },
    }));
}

/** Whatever the palette has. */
function typeItems(): Item[] {
  const side = sort(t("add"));
  const processors = typesNow().map((type): Item => ({
    id: `add ${type.type}`,
    name: type.type,
    about: type.summary,
    words: [...type.aliases, ...type.tags].join(" "),
    icon: <TypeIcon family={familyOf(type)} />,
    side,
    weight: TYPE_WEIGHT,
    run: () => {
      addProcessorAt(type.type, {});
    },
  }));
  const others = Object.values(NEW).map(({ kind, name }): Item => ({
    id: `add ${kind}`,
    name: t(name),
    icon: <KindIcon kind={kind} />,
    side,
    weight: TYPE_WEIGHT,
    run: () => {
      addNodeAt(kind);
    },
  }));
  return [...processors, ...others];
}

function manualItems(pages: readonly HelpPage[]): Item[] {
  const item = (path: string, name: string, about?: string): Item => ({
    id: `help ${path}`,
    name,
    ...(about === undefined ? {} : { about }),
    icon: <BookOpen size={16} aria-hidden />,
    side: sort(t("help")),
    weight: PAGE_WEIGHT,
    run: () => {
      // Beside the flow, which stays as it is.
      window.open(helpHash(path), "_blank", "noopener");
    },
  });
  return [
    item("", `${t("help")}: ${t("helpManual")}`),
    item("api", t("helpApi"), t("helpApiSummary")),
    ...pages.map((page) => item(page.path, page.title, page.about && t(page.about))),
  ];
}
