/** The manual: the project's own documents, as they lie in the repository. */

export type Chapter = "manual" | "processors" | "services" | "mistakes";

export interface HelpPage {
  /** Its address below `#/help/`, as the document lies below `docs/`. */
  path: string;
  chapter: Chapter;
  title: string;
  text: string;
}

const FOLDERS: Record<string, Chapter> = {
  processors: "processors",
  services: "services",
  errors: "mistakes",
};
/** Pages of the manual in the order in which one reads them; others come after them. */
const ORDER = [
  "canvas",
  "nifi",
  "flow-format",
  "expression-language",
  "deploying",
  "flows-as-code",
  "testing-flows",
  "configuration",
  "security",
  "data-folder",
  "score",
  "librosa",
  "python",
  "summary",
];
/** Pages for who wants to know how well it does what it does. */
const LAST = ["benchmarks", "proof"];
const ROOT = "../../../docs/";

// Pictures of the page are for who does not have it.
const documents = import.meta.glob<string>(
  [
    "../../../docs/*.md",
    "../../../docs/{processors,services,errors}/*.md",
    "!../../../docs/**/README.md",
    "!../../../docs/screenshots.md",
  ],
  { query: "?raw", import: "default", eager: true },
);

export const pages: HelpPage[] = Object.entries(documents)
  .map(([file, text]) => pageOf(file.slice(ROOT.length).replace(/\.md$/, ""), text))
  .sort((left, right) => rank(left) - rank(right) || left.path.localeCompare(right.path));

function pageOf(path: string, text: string): HelpPage {
  const [folder = "", name] = path.split("/");
  const chapter = name === undefined ? "manual" : (FOLDERS[folder] ?? "manual");
  const title = /^# (.+)$/m.exec(text)?.[1]?.replaceAll("`", "") ?? path;
  return { path, chapter, title, text };
}

function rank(page: HelpPage): number {
  if (page.chapter !== "manual") return ORDER.length;
  const last = LAST.indexOf(page.path);
  if (last >= 0) return ORDER.length + 1 + last;
  const index = ORDER.indexOf(page.path);
  return index < 0 ? ORDER.length : index;
}
