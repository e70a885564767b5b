/** How code looks: by the page's own colours, in all its themes. */
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { t } from "../messages";

const style = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.moduleKeyword, tags.operatorKeyword, tags.self],
    color: "var(--code-keyword)",
  },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--code-text)" },
  {
    tag: [tags.number, tags.bool, tags.null, tags.atom, tags.escape],
    color: "var(--code-number)",
  },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.definition(tags.variableName))],
    color: "var(--code-function)",
  },
  { tag: tags.function(tags.propertyName), color: "var(--code-function)" },
  {
    tag: [tags.className, tags.typeName, tags.definition(tags.className), tags.namespace],
    color: "var(--code-type)",
  },
  { tag: [tags.meta, tags.annotation], color: "var(--code-type)" },
  { tag: tags.invalid, color: "var(--bad)" },
]);

const theme = EditorView.theme({
  "&": {
    height: "100%",
    color: "var(--text)",
    backgroundColor: "var(--surface)",
    fontSize: "var(--text-m)",
  },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", overflow: "auto" },
  ".cm-content": { caretColor: "var(--text)", padding: "8px 0" },
  ".cm-line": { padding: "0 12px 0 6px" },
  ".cm-cursor, .cm-dropCursor": { borderLeft: "2px solid var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { background: "var(--code-marked)" },
  ".cm-gutters": {
    border: "0",
    backgroundColor: "var(--surface)",
    color: "var(--text-3)",
  },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "32px", padding: "0 6px 0 4px" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  ".cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "var(--surface-2)" },
  "&.cm-focused .cm-activeLineGutter": {
    backgroundColor: "var(--surface-2)",
    color: "var(--text)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    borderRadius: "2px",
    backgroundColor: "transparent",
    outline: "1px solid var(--line-strong)",
  },
  "&.cm-focused .cm-nonmatchingBracket": {
    backgroundColor: "transparent",
    color: "var(--bad)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--surface-3)" },
  ".cm-searchMatch": {
    borderRadius: "2px",
    backgroundColor: "var(--warn-soft)",
    outline: "1px solid var(--warn)",
  },
  ".cm-searchMatch-selected": { backgroundColor: "var(--warn)", color: "var(--surface)" },
  ".cm-searchMatch-selected *": { color: "var(--surface)" },
  ".cm-snippetField": { backgroundColor: "var(--accent-soft)" },
  ".cm-snippetFieldPosition": { borderLeftColor: "var(--accent)" },
  ".cm-placeholder": { color: "var(--text-3)" },
});

const marks = EditorView.theme({
  ".cm-gutter-lint": { width: "16px" },
  ".cm-gutter-lint .cm-gutterElement": {
    display: "flex",
    alignItems: "center",
    justifyContent: "center",
    padding: "0",
  },
  ".cm-lint-marker": { width: "14px", height: "14px" },
  ".cm-lint-marker-error": {
    content: "normal",
    display: "grid",
    placeItems: "center",
    borderRadius: "7px",
    backgroundColor: "var(--bad)",
    color: "var(--surface)",
    fontFamily: "var(--font)",
    fontSize: "var(--text-xs)",
    fontWeight: "700",
    lineHeight: "14px",
  },
  ".cm-lint-marker-error::after": { content: '"!"' },
  ".cm-lintRange-error": {
    paddingBottom: "0",
    backgroundImage: "none",
    textDecoration: "underline wavy var(--bad) 1px",
    textUnderlineOffset: "3px",
  },
  ".cm-faultLine": { backgroundColor: "var(--bad-soft)" },
  "&.cm-focused .cm-faultLine.cm-activeLine": { backgroundColor: "var(--bad-soft)" },
  ".cm-diagnostic": { padding: "6px 10px", whiteSpace: "pre-wrap" },
  ".cm-diagnostic-error": { borderLeft: "3px solid var(--bad)" },
});

const floating = EditorView.theme({
  ".cm-tooltip": {
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--radius-m)",
    backgroundColor: "var(--surface)",
    color: "var(--text)",
    fontSize: "var(--text-s)",
    boxShadow: "var(--shadow-2)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-lint, .cm-tooltip.cm-tooltip-hover": { maxWidth: "520px" },
  ".cm-tooltip.cm-tooltip-autocomplete": { padding: "4px", overflow: "visible" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    maxWidth: "min(620px, 90vw)",
    maxHeight: "232px",
    fontFamily: "var(--mono)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    alignItems: "baseline",
    gap: "6px",
    padding: "3px 8px",
    borderRadius: "var(--radius-s)",
    lineHeight: "1.45",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--accent-soft)",
    color: "var(--text)",
  },
  ".cm-completionIcon": {
    flex: "none",
    width: "14px",
    paddingRight: "0",
    opacity: "1",
    color: "var(--text-3)",
    fontSize: "var(--text-s)",
    textAlign: "center",
  },
  ".cm-completionLabel": { flex: "none" },
  ".cm-completionMatchedText": {
    color: "var(--accent-strong)",
    fontWeight: "600",
    textDecoration: "none",
  },
  ".cm-completionDetail": {
    minWidth: "0",
    marginLeft: "0",
    overflow: "hidden",
    color: "var(--text-2)",
    fontStyle: "normal",
    textOverflow: "ellipsis",
  },
  ".cm-tooltip.cm-completionInfo": {
    width: "max-content",
    maxWidth: "380px",
    padding: "8px 10px",
    fontSize: "var(--text-s)",
    lineHeight: "1.45",
  },
  ".cm-completionInfo code": {
    display: "block",
    fontFamily: "var(--mono)",
    overflowWrap: "anywhere",
    whiteSpace: "pre-wrap",
  },
  ".cm-completionInfo p": { margin: "6px 0 0", color: "var(--text-2)" },
});

const panels = EditorView.theme({
  ".cm-panels": { backgroundColor: "var(--surface-2)", color: "var(--text)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panel.cm-search, .cm-panel.cm-dialog": {
    position: "relative",
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: "6px",
    padding: "8px 36px 8px 10px",
    fontSize: "var(--text-s)",
  },
  ".cm-panel br": { display: "none" },
  ".cm-panel.cm-search :is(input, button, label)": { margin: "0" },
  ".cm-textfield": {
    width: "180px",
    minHeight: "26px",
    margin: "0",
    padding: "2px 8px",
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--radius-s)",
    backgroundColor: "var(--surface)",
    color: "var(--text)",
    fontFamily: "var(--mono)",
    fontSize: "var(--text-s)",
  },
  ".cm-textfield:focus": { borderColor: "var(--accent)", outline: "1px solid var(--accent)" },
  ".cm-textfield::placeholder": { color: "var(--text-3)", opacity: "1" },
  ".cm-button": {
    minHeight: "26px",
    margin: "0",
    padding: "0 8px",
    border: "1px solid var(--line)",
    borderRadius: "var(--radius-s)",
    backgroundColor: "var(--surface)",
    backgroundImage: "none",
    color: "var(--text)",
    fontFamily: "var(--font)",
    fontSize: "var(--text-s)",
    cursor: "pointer",
  },
  ".cm-button:hover": { backgroundColor: "var(--surface-3)" },
  ".cm-button:active": { backgroundImage: "none" },
  ".cm-button:focus-visible, .cm-panel input[type=checkbox]:focus-visible, .cm-panel [name=close]:focus-visible":
    { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-panel.cm-search label": {
    display: "inline-flex",
    alignItems: "center",
    gap: "4px",
    minHeight: "24px",
    fontSize: "var(--text-s)",
    whiteSpace: "nowrap",
  },
  ".cm-panel.cm-search input[type=checkbox]": { margin: "0", accentColor: "var(--accent)" },
  ".cm-panel.cm-search [name=close], .cm-panel.cm-dialog [name=close]": {
    position: "absolute",
    top: "8px",
    right: "8px",
    width: "24px",
    height: "24px",
    margin: "0",
    borderRadius: "var(--radius-s)",
    color: "var(--text-2)",
    fontSize: "16px",
    cursor: "pointer",
  },
});

/** What the libraries say to people, in the words of this page. */
const phrases = () =>
  EditorState.phrases.of({
    Find: t("editorFind"),
    Replace: t("editorReplace"),
    next: t("editorNext"),
    previous: t("editorPrevious"),
    all: t("editorAll"),
    "match case": t("editorCase"),
    regexp: t("editorRegexp"),
    "by word": t("editorWord"),
    replace: t("editorReplaceOne"),
    "replace all": t("editorReplaceAll"),
    close: t("editorClose"),
    "current match": t("editorMatch"),
    "on line": t("editorOnLine"),
    "replaced $ matches": t("editorReplacedMany"),
    "replaced match on line $": t("editorReplacedOne"),
    "Go to line": t("editorGoTo"),
    go: t("editorGo"),
    Completions: t("editorProposals"),
    "Control character": t("editorSpecial"),
  });

export function looks(): Extension {
  return [theme, marks, floating, panels, syntaxHighlighting(style), phrases()];
}
