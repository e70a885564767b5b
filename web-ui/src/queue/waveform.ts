/** Draws peaks: one bar a column, channels above each other. */

/** What is between the greatest and the least sample of a column, in pixels from the top. */
export function barsOf(peaks: readonly number[], height: number): { top: number; size: number }[] {
  const bars: { top: number; size: number }[] = [];
  const half = height / 2;
  for (let at = 0; at + 1 < peaks.length; at += 2) {
    const least = Math.max(-1, Math.min(1, peaks[at] ?? 0));
    const greatest = Math.max(-1, Math.min(1, peaks[at + 1] ?? 0));
    const top = half - greatest * half;
    // Silence is a line, not nothing.
    bars.push({ top: Math.min(top, height - 1), size: Math.max(1, (greatest - least) * half) });
  }
  return bars;
}

export function drawWaveform(canvas: HTMLCanvasElement, peaks: readonly number[][]): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  context.fillStyle = getComputedStyle(canvas).color;
  const each = height / Math.max(1, peaks.length);
  for (const [channel, columns] of peaks.entries()) {
    const bars = barsOf(columns, each - 2);
    const step = width / Math.max(1, bars.length);
    for (const [index, { top, size }] of bars.entries()) {
      context.fillRect(index * step, channel * each + 1 + top, Math.max(step * 0.8, 1), size);
    }
  }
}
