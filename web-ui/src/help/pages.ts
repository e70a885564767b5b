/** The manual: the project's own documents, as they lie in the repository. */
import type { MessageKey } from "../messages";

export type Chapter = "manual" | "processors" | "services" | "mistakes";

/** What the pages of the manual are about, in the order in which one reads them; those for who
 * wants to know how well it does what it does come last. */
const MANUAL: Readonly<Record<string, MessageKey>> = {
  canvas: "aboutCanvasPage",
  nifi: "aboutNifiPage",
  "flow-format": "aboutFlowFormatPage",
  "expression-language": "aboutExpressionLanguagePage",
  deploying: "aboutDeployingPage",
  "flows-as-code": "aboutFlowsAsCodePage",
  "testing-flows": "aboutTestingFlowsPage",
  configuration: "aboutConfigurationPage",
  security: "aboutSecurityPage",
  "data-folder": "aboutDataFolderPage",
  problems: "aboutProblemsPage",
  score: "aboutScorePage",
  "script-python": "aboutScriptPythonPage",
  "script-javascript": "aboutScriptJavaScriptPage",
  "script-security": "aboutScriptSecurityPage",
  components: "aboutComponentsPage",
  librosa: "aboutLibrosaPage",
  python: "aboutPythonPage",
  summary: "aboutSummaryPage",
  benchmarks: "aboutBenchmarksPage",
  proof: "aboutProofPage",
};
const ORDER = Object.keys(MANUAL);

export interface HelpPage {
  /** Its address below `#/help/`, as the document lies below `docs/`. */
  path: string;
  chapter: Chapter;
  title: string;
  /** What it is about; pages of one processor each, or one mistake, need none. */
  about: MessageKey | undefined;
  text: string;
}

const FOLDERS: Record<string, Chapter> = {
  processors: "processors",
  services: "services",
  errors: "mistakes",
};
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
  return { path, chapter, title, about: MANUAL[path], text };
}

function rank({ path }: HelpPage): number {
  const index = ORDER.indexOf(path);
  return index < 0 ? ORDER.length : index;
}
