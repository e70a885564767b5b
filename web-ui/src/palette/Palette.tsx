/** Everything that a flow is made of, to search, drag, or add with a key. */
import { useMemo, useState, type DragEvent } from "react";
import { ChevronsLeft, Search } from "lucide-react";
import { IconButton } from "../components/Button";
import { KindIcon, TypeIcon } from "../components/TypeIcon";
import { FAMILIES, familyOf, type Family } from "../graph/families";
import { search } from "../graph/search";
import type { ProcessorType } from "../api/types";
import { t } from "../messages";
import { addNodeAt, addProcessorAt, TYPE_MIME } from "../actions/build";
import { shortcutOf } from "../actions/registry";
import { useProcessorTypes } from "../state/catalog";
import { useUi } from "../state/ui";
import { textsOf } from "./find";

const NODES = [
  { kind: "group", name: "newGroup" },
  { kind: "inputPort", name: "newInput" },
  { kind: "outputPort", name: "newOutput" },
  { kind: "funnel", name: "newFunnel" },
  { kind: "label", name: "newLabel" },
] as const;

const FAMILY_NAMES = {
  audio: "familyAudio",
  source: "familySource",
  store: "familyStore",
  http: "familyHttp",
  route: "familyRoute",
  attributes: "familyAttributes",
  content: "familyContent",
  other: "familyOther",
} as const satisfies Record<Family, string>;

const drag = (what: string) => (event: DragEvent) => {
  event.dataTransfer.setData(TYPE_MIME, what);
  event.dataTransfer.effectAllowed = "copy";
};

export function Palette() {
  const isOpen = useUi((state) => state.isPaletteOpen);
  const types = useProcessorTypes();
  const [typed, setTyped] = useState("");
  const found = useMemo(() => search(types, typed, textsOf), [types, typed]);
  if (!isOpen) return null;
  const byFamily = FAMILIES.map((family) => ({
    family,
    types: found.filter((type) => familyOf(type) === family),
  })).filter((each) => each.types.length > 0);
  const isSearching = typed.trim() !== "";
  return (
    <aside className="palette" aria-label={t("palette")}>
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
              if (event.key === "Escape") setTyped("");
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
        {isSearching ? (
          <ul>
            {found.map((type) => (
              <PaletteType key={type.type} type={type} />
            ))}
          </ul>
        ) : (
          byFamily.map(({ family, types: members }) => (
            <section key={family}>
              <h3>{t(FAMILY_NAMES[family])}</h3>
              <ul>
                {members.map((type) => (
                  <PaletteType key={type.type} type={type} />
                ))}
              </ul>
            </section>
          ))
        )}
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
                    onDragStart={drag(kind)}
                    onClick={() => {
                      addNodeAt(kind);
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

function PaletteType({ type }: { type: ProcessorType }) {
  return (
    <li>
      <button
        type="button"
        className="palette-item"
        draggable
        title={type.summary}
        onDragStart={drag(`processor:${type.type}`)}
        onClick={() => {
          addToSelection(type);
        }}
      >
        <TypeIcon family={familyOf(type)} />
        <span>{type.type}</span>
      </button>
    </li>
  );
}
