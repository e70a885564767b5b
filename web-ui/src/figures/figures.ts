/** Which figures are drawn together, and in which unit a person reads them. */
import type { MetricsHistory } from "../api/types";
import { bytes, count } from "../messages/format";
import type { MessageKey } from "../messages";

export interface Line {
  label: MessageKey;
  values: (number | null)[];
}

export interface Figures {
  title: MessageKey;
  lines: Line[];
  show: (value: number) => string;
  /** How far apart lines of its axis may be; as it comes where nothing is said. */
  steps: readonly number[] | undefined;
}

type Measure = "perMinute" | "bytesPerSecond" | "threads" | "count" | "bytes";

interface Plan {
  title: MessageKey;
  measure: Measure;
  /** What the server calls a figure, and what a person does. */
  lines: readonly (readonly [string, MessageKey])[];
}

/** In the order in which they are drawn; what a component does not have is left out. */
const PLANS: readonly Plan[] = [
  {
    title: "chartFlowfiles",
    measure: "perMinute",
    lines: [
      ["flowfilesIn", "figureIn"],
      ["flowfilesOut", "figureOut"],
    ],
  },
  {
    title: "chartFlowfiles",
    measure: "perMinute",
    lines: [
      ["entered", "figureEntered"],
      ["ended", "figureEnded"],
    ],
  },
  {
    title: "chartBytes",
    measure: "bytesPerSecond",
    lines: [
      ["bytesIn", "figureIn"],
      ["bytesOut", "figureOut"],
    ],
  },
  {
    title: "chartBytes",
    measure: "bytesPerSecond",
    lines: [
      ["bytesRead", "figureRead"],
      ["bytesWritten", "figureWritten"],
    ],
  },
  { title: "chartQueued", measure: "count", lines: [["queued", "queued"]] },
  { title: "chartQueuedBytes", measure: "bytes", lines: [["queuedBytes", "queued"]] },
  { title: "chartTasks", measure: "perMinute", lines: [["tasks", "figureTasks"]] },
  { title: "chartThreads", measure: "threads", lines: [["taskMs", "figureThreads"]] },
];

const SHOWN: Record<Measure, (value: number) => string> = {
  perMinute: (value) => `${amount(value)}/min`,
  bytesPerSecond: (value) => `${bytes(value)}/s`,
  threads: amount,
  count: amount,
  bytes,
};

/** Amounts of data are read in powers of two. */
const BYTE_STEPS = Array.from({ length: 50 }, (_, power) => 2 ** power);
/** There is no half of a flowfile. */
const WHOLE_STEPS = Array.from({ length: 15 }, (_, power) => [1, 2, 5].map((n) => n * 10 ** power));

const STEPS: Partial<Record<Measure, readonly number[]>> = {
  bytes: BYTE_STEPS,
  bytesPerSecond: BYTE_STEPS,
  count: WHOLE_STEPS.flat(),
};

export function figuresOf({ series, stepSeconds }: MetricsHistory): Figures[] {
  const factors: Record<Measure, number> = {
    perMinute: 60 / stepSeconds,
    bytesPerSecond: 1 / stepSeconds,
    threads: 1 / (stepSeconds * 1000),
    count: 1,
    bytes: 1,
  };
  return PLANS.filter(({ lines }) => lines.every(([name]) => name in series)).map(
    ({ title, measure, lines }) => ({
      title,
      show: SHOWN[measure],
      steps: STEPS[measure],
      lines: lines.map(([name, label]) => ({
        label,
        values: (series[name] ?? []).map((each) =>
          each === null ? null : each * factors[measure],
        ),
      })),
    }),
  );
}

/** The fewest steps that are drawn. */
const STEPS_MIN = 30;

/** Without the steps of before the server started: a young server's lines would be a hair. */
export function known(history: MetricsHistory): MetricsHistory {
  const all = Object.values(history.series);
  const steps = Math.max(0, ...all.map((each) => each.length));
  const first = Math.min(
    ...all
      .map((each) => each.findIndex((value) => value !== null))
      .map((at) => (at < 0 ? steps : at)),
  );
  const from = Math.max(0, Math.min(first, steps - STEPS_MIN));
  const series = Object.entries(history.series).map(([name, each]) => [name, each.slice(from)]);
  return { ...history, series: Object.fromEntries(series) as MetricsHistory["series"] };
}

/** When each step ended, in seconds since 1970: what a time axis takes. */
export function timesOf({ series, stepSeconds, untilMs }: MetricsHistory): number[] {
  const steps = Math.max(0, ...Object.values(series).map((each) => each.length));
  const until = untilMs / 1000;
  return Array.from({ length: steps }, (_, index) => until - (steps - 1 - index) * stepSeconds);
}

/** Whether anything was measured at all. */
export function isMeasured({ series }: MetricsHistory): boolean {
  return Object.values(series).some((values) => values.some((each) => each !== null));
}

function amount(value: number): string {
  return value > 0 && value < 10 && !Number.isInteger(value) ? value.toFixed(2) : count(value);
}
