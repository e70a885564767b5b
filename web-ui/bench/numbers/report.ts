// Figures beside what they are to be, as a table of Markdown.

interface Row {
  what: string;
  value: string;
  gate: string;
  isMet: boolean | undefined;
}

const rows: Row[] = [];

export const at = (values: readonly number[], part: number): number =>
  [...values].sort((left, right) => left - right)[
    Math.min(values.length - 1, Math.floor(values.length * part))
  ] ?? NaN;

/** A figure that is to be at most so much; without a bound it is only told. */
export function tell(what: string, value: number, unit: string, most?: number): void {
  const shown = (number: number) =>
    `${number.toFixed(unit === "" || number < 10 ? 2 : 0)}${unit === "" ? "" : ` ${unit}`}`;
  rows.push({
    what,
    value: shown(value),
    gate: most === undefined ? "" : `≤ ${String(most)}${unit === "" ? "" : ` ${unit}`}`,
    isMet: most === undefined ? undefined : value <= most,
  });
}

export function table(): string {
  const lines = rows.map(
    ({ what, value, gate, isMet }) =>
      `| ${what} | ${value} | ${gate} | ${isMet === undefined ? "" : isMet ? "yes" : "no"} |`,
  );
  return ["| | measured | to be | met |", "| --- | --- | --- | --- |", ...lines].join("\n");
}
