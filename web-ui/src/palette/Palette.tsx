/** Everything that a flow is made of, to search, drag, or add with a key. */
import { useMemo, useState, type DragEvent, type KeyboardEvent, type MouseEvent } from "react";
import { ChevronsLeft, Search } from "lucide-react";
import { IconButton } from "../components/Button";
import { KindIcon, TypeIcon } from "../components/TypeIcon";
import { FAMILIES, familyOf, type Family } from "../graph/families";
import { search } from "../graph/search";
import type { ProcessorType } from "../api/types";
import { t } from "../messages";
import { addNodeAt, addProcessorAt, TYPE_MIME, NEW } from "../actions/build";
import { shortcutOf } from "../actions/registry";
import { useProcessorTypes } from "../state/catalog";
import { focusCanvas, useFocusBack } from "../state/focus";
import { useUi } from "../state/ui";
import { textsOf } from "./find";

const NODES = Object.values(NEW);

const FAMILY_NAMES = {
  audio: "familyAudio",
  script: "familyScript",
  source: "familySource",
  store: "familyStore",
  http: "familyHttp",
  route: "familyRoute",
  attributes: "familyAttributes",
  content: "familyContent",
  other: "familyOther",
} as const satisfies Record<Family, string>;

/** No type is called so. */
const idOf = ({ kind }: { kind: string }) => `of ${kind}`;

const drag = (what: string) => (event: DragEvent) => {
  event.dataTransfer.setData(TYPE_MIME, what);
  event.dataTransfer.effectAllowed = "copy";
};

/** Who adds with the mouse goes on at the canvas; with keys one may add more. */
const done = ({ detail }: MouseEvent) => {
  if (detail > 0) focusCanvas();
};

/** All that can be added is one stop of Tab: arrows go from one to the next, up from the first to
 * the search. */
function onListKey(event: KeyboardEvent<HTMLElement>): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const palette = event.currentTarget;
  const all = [...palette.querySelectorAll<HTMLElement>(".palette-item")];
  const at = all.findIndex((each) => each === document.activeElement);
  if (event.key === "ArrowDown") all[Math.min(at + 1, all.length - 1)]?.focus();
  else if (at < 0) return;
  else if (event.key === "ArrowUp") (all[at - 1] ?? searchIn(palette))?.focus();
  else if (event.key === "Home") all[0]?.focus();
  else if (event.key === "End") all.at(-1)?.focus();
  else if (event.key === "Escape") focusCanvas();
  else return;
  event.preventDefault();
}

const searchIn = (palette: HTMLElement) => palette.querySelector<HTMLElement>("input");

export default function Palette() {
  const isOpen = useUi((state) => state.isPaletteOpen);
  useFocusBack(isOpen);
  const types = useProcessorTypes();
  const [typed, setTyped] = useState("");
  /** What had the focus last. */
  const [last, setLast] = useState<string>();
  const found = useMemo(() => search(types, typed, textsOf), [types, typed]);
  if (!isOpen) return null;
  const byFamily = FAMILIES.map((family) => ({
    family,
    types: found.filter((type) => familyOf(type) === family),
  })).filter((each) => each.types.length > 0);
  const isSearching = typed.trim() !== "";
  const shown = isSearching ? found : byFamily.flatMap((each) => each.types);
  const ids = [...shown.map(({ type }) => type), ...(isSearching ? [] : NODES.map(idOf))];
  const stop = ids.find((each) => each === last) ?? ids[0];
  const stops = (id: string) => ({
    tabIndex: id === stop ? 0 : -1,
    onFocus: () => {
      setLast(id);
    },
  });
  const list = (types: readonly ProcessorType[]) => (
    <ul>
      {types.map((type) => (
        <PaletteType key={type.type} type={type} {...stops(type.type)} />
      ))}
    </ul>
  );
  return (
    <aside className="palette" aria-label={t("palette")} onKeyDown={onListKey}>
      <div className="palette-head">
        <label className="palette-search">
          <Search size={15} aria-hidden />
          <input
            type="search"
            className="input"
            aria-label={t("paletteSearch")}
            placeholder={t("paletteSearch")}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
            }}
            onKeyDown={(event) => {
              const [first] = found;
              if (event.key === "Enter" && isSearching && first) addToSelection(first);
              if (event.key !== "Escape") return;
              if (typed === "") focusCanvas();
              else setTyped("");
            }}
          />
        </label>
        <IconButton
          label={t("actPalette")}
          shortcut={shortcutOf("palette")}
          isQuiet
          onClick={() => {
            useUi.setState({ isPaletteOpen: false });
          }}
        >
          <ChevronsLeft size={16} />
        </IconButton>
      </div>
      <div className="palette-list">
        {isSearching
          ? list(found)
          : byFamily.map(({ family, types: members }) => (
              <section key={family}>
                <h3>{t(FAMILY_NAMES[family])}</h3>
                {list(members)}
              </section>
            ))}
        {isSearching ? null : (
          <section>
            <h3>{t("familyStructure")}</h3>
            <ul>
              {NODES.map(({ kind, name }) => (
                <li key={kind}>
                  <button
                    type="button"
                    className="palette-item"
                    draggable
                    {...stops(idOf({ kind }))}
                    onDragStart={drag(kind)}
                    onClick={(event) => {
                      addNodeAt(kind);
                      done(event);
                    }}
                  >
                    <KindIcon kind={kind} />
                    <span>{t(name)}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
        {isSearching && found.length === 0 ? <p className="palette-none">{t("noType")}</p> : null}
      </div>
    </aside>
  );
}

/** Adds it behind the one box that is selected, or freely. */
function addToSelection(type: ProcessorType): void {
  const { nodes } = useUi.getState();
  const [name] = nodes;
  const from = nodes.size === 1 && name !== undefined ? { name } : undefined;
  addProcessorAt(type.type, { from });
}

interface Stop {
  tabIndex: number;
  onFocus: () => void;
}

function PaletteType({ type, ...stop }: { type: ProcessorType } & Stop) {
  return (
    <li>
      <button
        type="button"
        className="palette-item"
        draggable
        title={`${type.type}: ${type.summary}`}
        {...stop}
        onDragStart={drag(`processor:${type.type}`)}
        onClick={(event) => {
          addToSelection(type);
          done(event);
        }}
      >
        <TypeIcon family={familyOf(type)} />
        <span>{type.type}</span>
      </button>
    </li>
  );
}
