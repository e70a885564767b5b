// Figures beside what they are to be, as a table of Markdown.
import { test } from "@playwright/test";
import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";

const FIGURE = "figure";

export const at = (values: readonly number[], part: number): number =>
  [...values].sort((left, right) => left - right)[
    Math.min(values.length - 1, Math.floor(values.length * part))
  ] ?? NaN;

function row(what: string, value: string, gate: string, isMet: boolean | undefined): void {
  const met = isMet === undefined ? "" : isMet ? "yes" : "no";
  const description = `| ${[what, value, gate, met].join(" | ")} |`;
  test.info().annotations.push({ type: FIGURE, description });
}

function shown(number: number, unit: string): string {
  return `${number.toFixed(unit === "" || number < 10 ? 2 : 0)}${unit === "" ? "" : ` ${unit}`}`;
}

/** A figure that is to be at most so much; without a bound it is only told. */
export function tell(what: string, value: number, unit: string, most?: number): void {
  const gate = most === undefined ? "" : `≤ ${String(most)}${unit === "" ? "" : ` ${unit}`}`;
  row(what, shown(value, unit), gate, most === undefined ? undefined : value <= most);
}

/** A score that is to be at least so much. */
export function tellScore(what: string, value: number, least: number): void {
  row(what, String(value), `≥ ${String(least)}`, value >= least);
}

/** Prints what all tests have told, when they are through. */
export default class Table implements Reporter {
  private readonly rows: string[] = [];

  onTestEnd(_: TestCase, { annotations }: TestResult): void {
    for (const { type, description } of annotations) {
      if (type === FIGURE && description !== undefined) this.rows.push(description);
    }
  }

  onEnd(): void {
    const head = ["| | measured | to be | met |", "| --- | --- | --- | --- |"];
    console.log(`\n${[...head, ...this.rows].join("\n")}\n`);
  }
}
