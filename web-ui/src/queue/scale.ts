/** Where a pitch and a time lie in the spectrogram: what the server draws has no numbers on it. */

/** Slaney's mel scale, as the server's: straight up to 1 kHz, by equal ratios above. */
const HZ_OF_MEL = 200 / 3;
const BEND_HZ = 1000;
const BEND_MEL = BEND_HZ / HZ_OF_MEL;
const STEP = Math.log(6.4) / 27;

export function melOf(hz: number): number {
  return hz < BEND_HZ ? hz / HZ_OF_MEL : BEND_MEL + Math.log(hz / BEND_HZ) / STEP;
}

export function hzOf(mel: number): number {
  return mel < BEND_MEL ? mel * HZ_OF_MEL : BEND_HZ * Math.exp((mel - BEND_MEL) * STEP);
}

/** Which pitch is at that part of the height, 0 at the bottom; `sampleRate` in Hz. */
export function hzAt(part: number, sampleRate: number): number {
  return hzOf(melOf(sampleRate / 2) * part);
}

export interface Tick {
  value: number;
  /** From 0 at the bottom, or the left, to 1. */
  part: number;
}

const PITCHES = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000];
/** So many would lie over each other in a picture of 128 pixels if they were closer. */
const APART = 0.12;

/** Round pitches, with room for each. */
export function pitchTicks(sampleRate: number): Tick[] {
  const top = melOf(sampleRate / 2);
  const ticks: Tick[] = [];
  for (const value of PITCHES) {
    const part = melOf(value) / top;
    const last = ticks.at(-1)?.part ?? 0;
    if (part - last >= APART && part <= 1 - APART / 2) ticks.push({ value, part });
  }
  return ticks;
}

const TIMES = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
const TIMES_MAX = 8;

/** Round times of a recording of so many seconds, its beginning first. */
export function timeTicks(seconds: number): Tick[] {
  if (!(seconds > 0)) return [];
  const step = TIMES.find((each) => seconds / each <= TIMES_MAX) ?? Math.ceil(seconds / TIMES_MAX);
  const count = Math.floor(seconds / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, at) => ({
    value: at * step,
    part: (at * step) / seconds,
  }));
}

const NOTES = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];

/** The nearest note of equal temperament, A4 at 440 Hz; nothing below what is heard. */
export function noteOf(hz: number): string | undefined {
  if (!(hz >= 16)) return undefined;
  const midi = Math.round(69 + 12 * Math.log2(hz / 440));
  return `${NOTES[midi % 12] ?? ""}${String(Math.floor(midi / 12) - 1)}`;
}
