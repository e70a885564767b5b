/** How much is wrong with one thing; renders only when that changes. */
import { useDraft } from "../state/draft";
import type { FindingIndex } from "../graph/findings";

export type Tone = "bad" | "warn" | undefined;

export function toneOf(findings: FindingIndex, path: string): Tone {
  const located = findings.byPath.get(path);
  if (!located || located.length === 0) return undefined;
  return located.some((each) => each.finding.severity === "error") ? "bad" : "warn";
}

export function useFindingTone(path: string): Tone {
  return useDraft((state) => toneOf(state.findings, path));
}

export function useFindingCount(path: string): number {
  return useDraft((state) => state.findings.byPath.get(path)?.length ?? 0);
}

/** The first messages, for a tooltip. */
export function messagesOf(path: string): string {
  const located = useDraft.getState().findings.byPath.get(path) ?? [];
  return located
    .slice(0, 4)
    .map((each) => each.finding.message)
    .join("\n");
}
