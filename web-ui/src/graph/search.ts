/** Finds things by what a person types: letters in order, beginnings of words first. */

/** How well `text` fits what is typed; 0 does not fit. */
export function fit(text: string, typed: string): number {
  const wanted = typed.toLowerCase().replaceAll(/\s+/g, "");
  if (wanted === "") return 1;
  const lower = text.toLowerCase();
  if (lower.replaceAll(/\s+/g, "") === wanted) return 100;
  const whole = lower.replaceAll(/\s+/g, "").indexOf(wanted);
  if (whole === 0) return 80;
  let score = whole > 0 ? 40 : 0;
  let at = 0;
  let points = 0;
  for (const letter of wanted) {
    const next = lower.indexOf(letter, at);
    if (next < 0) return score;
    const isStart = next === 0 || /[^a-z0-9]/.test(lower[next - 1] ?? "") || isUpper(text, next);
    points += isStart ? 3 : next === at ? 2 : 0.2;
    at = next + 1;
  }
  score = Math.max(score, (30 * points) / (3 * wanted.length));
  return score;
}

function isUpper(text: string, at: number): boolean {
  const letter = text[at] ?? "";
  return letter !== letter.toLowerCase();
}

export interface Weighed {
  text: string;
  weight: number;
}

/** Items that fit, best first; equals stay in their order. */
export function search<T>(items: readonly T[], typed: string, texts: (item: T) => Weighed[]): T[] {
  if (typed.trim() === "") return [...items];
  const scored = items.map((item, index) => {
    const score = Math.max(...texts(item).map(({ text, weight }) => fit(text, typed) * weight), 0);
    return { item, score, index };
  });
  return scored
    .filter(({ score }) => score > 6)
    .sort((left, right) => right.score - left.score || left.index - right.index)
    .map(({ item }) => item);
}
