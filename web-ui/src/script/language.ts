/** Which properties are scripts, and in which language. */
import type { PropertySpec } from "../api/types";

export type Language = "python" | "javascript";

const LANGUAGES: Readonly<Record<string, Language>> = {
  python: "python",
  javascript: "javascript",
};

/** How a language is called in flows; nothing for one that is not known here, as where a parameter
 * stands for it. */
export function languageOf(name: string | null | undefined): Language | undefined {
  const lower = (name ?? "").toLowerCase();
  return Object.hasOwn(LANGUAGES, lower) ? LANGUAGES[lower] : undefined;
}

/** How the language of a script is called: what its property says, or else that one's default. */
export function languageName(
  spec: PropertySpec,
  specs: readonly PropertySpec[],
  properties: Readonly<Record<string, string>> | undefined,
): string | undefined {
  const { script } = spec;
  if (script === null) return undefined;
  const said = properties && Object.hasOwn(properties, script) ? properties[script] : undefined;
  return said ?? specs.find(({ name }) => name === script)?.default ?? undefined;
}
