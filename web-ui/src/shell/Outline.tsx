/** The flow as a tree of words, bound to the canvas: what has the focus here is selected there, and
 * every command works on it. */
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { ChevronDown, ChevronRight, CornerDownRight } from "lucide-react";
import { KIND_WORDS, KindIcon, TypeIcon } from "../components/TypeIcon";
import { familyOf } from "../graph/families";
import { outlineOf, type Line } from "../graph/outline";
import { asFlow, join } from "../graph/tree";
import { t } from "../messages";
import { useCatalog } from "../state/catalog";
import { useDraft } from "../state/draft";
import { openGroup, reveal } from "../state/navigate";
import { useUi } from "../state/ui";

export default function Outline() {
  const flow = useDraft((state) => state.documents.flow);
  const group = useUi((state) => state.group);
  const nodes = useUi((state) => state.nodes);
  const wires = useUi((state) => state.wires);
  const findings = useDraft((state) => state.findings);
  const catalog = useCatalog();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const list = useRef<HTMLUListElement>(null);
  const lines = outlineOf(asFlow(flow), closed);
  const isSelected = (line: Line) =>
    line.group === group && (line.kind === "connection" ? wires : nodes).has(line.name);
  const current = Math.max(0, lines.findIndex(isSelected));
  const toggle = (line: Line, isOpen: boolean) => {
    const next = new Set(closed);
    if (isOpen) next.delete(line.key);
    else next.add(line.key);
    setClosed(next);
  };
  const focusLine = (index: number) => {
    const items = list.current?.querySelectorAll<HTMLElement>("[role=treeitem]");
    items?.[Math.max(0, Math.min(index, items.length - 1))]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, line: Line, index: number) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === "ArrowDown") focusLine(index + 1);
    else if (event.key === "ArrowUp") focusLine(index - 1);
    else if (event.key === "Home") focusLine(0);
    else if (event.key === "End") focusLine(lines.length - 1);
    else if (event.key === "ArrowRight" && line.isOpen === false) toggle(line, true);
    else if (event.key === "ArrowLeft" && line.isOpen === true) toggle(line, false);
    else if (event.key === "Enter") openLine(line);
    else return;
    event.preventDefault();
  };
  // Whoever opens it wants to go through it; not who types somewhere else by then.
  useEffect(() => {
    const isTyping = document.activeElement?.matches(
      "input, textarea, select, [contenteditable], [data-writes]",
    );
    const item = list.current?.querySelector<HTMLElement>('[role=treeitem][tabindex="0"]');
    if (isTyping !== true) item?.focus({ preventScroll: true });
  }, []);
  if (lines.length === 0) return <div className="empty">{t("emptyText")}</div>;
  return (
    <ul className="outline" role="tree" aria-label={t("outline")} ref={list}>
      {lines.map((line, index) => {
        const type = line.type === undefined ? undefined : catalog.get(line.type);
        const path = join(line.group, line.name);
        const problems = findings.byPath.get(path)?.length ?? 0;
        return (
          <li
            key={line.key}
            role="treeitem"
            aria-level={line.level}
            aria-expanded={line.isOpen}
            aria-selected={isSelected(line)}
            tabIndex={index === current ? 0 : -1}
            className={`outline-line level-${String(Math.min(line.level, 8))}`}
            onFocus={(event) => {
              if (event.target === event.currentTarget && !isSelected(line)) {
                reveal(line.group, line.name, line.kind === "connection");
              }
            }}
            onClick={(event) => {
              event.currentTarget.focus();
            }}
            onKeyDown={(event) => {
              onKeyDown(event, line, index);
            }}
          >
            <span
              className="outline-toggle"
              aria-hidden
              onClick={() => {
                if (line.isOpen !== undefined) toggle(line, !line.isOpen);
              }}
            >
              {line.isOpen === undefined ? null : line.isOpen ? (
                <ChevronDown size={13} />
              ) : (
                <ChevronRight size={13} />
              )}
            </span>
            {line.kind === "connection" ? (
              <>
                <CornerDownRight size={14} aria-hidden />
                <span>{t("outlineWire", { carries: line.carries || t("all"), to: line.to })}</span>
              </>
            ) : (
              <>
                {line.kind === "processor" ? (
                  <TypeIcon family={familyOf(type)} size={14} />
                ) : (
                  <KindIcon kind={line.kind} size={14} />
                )}
                <strong>{line.name}</strong>
                <small>{line.type ?? t(KIND_WORDS[line.kind])}</small>
              </>
            )}
            {problems > 0 ? (
              <span className="badge bad">{t("problemCount", { count: problems })}</span>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}

function openLine(line: Line): void {
  if (line.kind === "group") openGroup(join(line.group, line.name));
  else {
    useUi.setState({ isPanelOpen: true });
    document
      .querySelector<HTMLElement>(".panel .form input, .panel .form select, .panel .form textarea")
      ?.focus();
  }
}
