/** Lines over time, with their values at the cursor; the cursors of all charts move together. */
import { useEffect, useRef, useSyncExternalStore } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { t } from "../messages";
import { useTheme } from "../state/theme";
import type { Figures } from "./figures";

const HEIGHT = 190;
const COLOURS = ["--accent", "--good"];
/** Whoever does not tell the colours apart tells the lines. */
const DASHES: (number[] | undefined)[] = [undefined, [6, 4]];

const SCHEME = matchMedia("(prefers-color-scheme: dark)");

function watchScheme(told: () => void): () => void {
  SCHEME.addEventListener("change", told);
  return () => {
    SCHEME.removeEventListener("change", told);
  };
}

interface Props {
  times: readonly number[];
  figures: Figures;
}

export function Chart({ times, figures }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot>(undefined);
  // A chart keeps the colours that it was made with: another theme makes another chart.
  const theme = useTheme((state) => state.theme);
  const isDark = useSyncExternalStore(watchScheme, () => SCHEME.matches);
  const newest = useRef({ times, figures });
  newest.current = { times, figures };
  const kind = [figures.title, ...figures.lines.map((each) => each.label)].join(" ");

  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const made = new UPlot(
      options(newest.current.figures, element.clientWidth),
      dataOf(newest.current),
      element,
    );
    chart.current = made;
    const sizes = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      made.destroy();
      chart.current = undefined;
    };
  }, [kind, theme, isDark]);

  useEffect(() => {
    chart.current?.setData(dataOf({ times, figures }));
  }, [times, figures]);

  return (
    <figure className="chart">
      <figcaption>{t(figures.title)}</figcaption>
      <div ref={place} />
    </figure>
  );
}

function dataOf({ times, figures }: Props): UPlot.AlignedData {
  return [[...times], ...figures.lines.map((each) => each.values)];
}

function options({ lines, show, steps }: Figures, width: number): UPlot.Options {
  const axis = {
    stroke: () => colour("--text-3"),
    grid: { stroke: () => colour("--grid-soft"), width: 1 },
    ticks: { show: false },
    font: `11px ${colour("--font")}`,
  };
  return {
    width,
    height: HEIGHT,
    padding: [8, 10, 0, 0],
    cursor: { sync: { key: "figures" }, drag: { x: false, y: false }, points: { size: 7 } },
    legend: { markers: { dash: (_, index) => (DASHES[index - 1] ? "dashed" : "solid") } },
    scales: { y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] } },
    axes: [
      { ...axis, values: (_, splits) => splits.map((each) => hour(each)), space: 70, size: 28 },
      {
        ...axis,
        values: (_, splits) => splits.map(show),
        size: 76,
        ...(steps ? { incrs: [...steps] } : {}),
      },
    ],
    series: [
      { label: t("atTime"), value: (chart, _, __, at) => hour(valueAt(chart, 0, at), true) },
      ...lines.map(({ label }, index): UPlot.Series => {
        const dash = DASHES[index];
        return {
          label: t(label),
          stroke: () => colour(COLOURS[index] ?? "--text"),
          width: 2,
          ...(dash ? { dash } : {}),
          ...(lines.length === 1 ? { fill: () => colour("--accent-soft") } : {}),
          points: { show: false },
          value: (chart, _, __, at) => {
            const value = valueAt(chart, index + 1, at);
            return value == null ? "–" : show(value);
          },
        };
      }),
    ],
  };
}

/** What is at the cursor; the newest while it is elsewhere. */
function valueAt(chart: UPlot, series: number, at: number | null): number | null | undefined {
  const values = chart.data[series];
  return values?.[at ?? values.length - 1];
}

function hour(seconds: number | null | undefined, isExact = false): string {
  if (seconds == null) return "–";
  return new Date(seconds * 1000).toLocaleTimeString("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    ...(isExact ? { second: "2-digit" } : {}),
  });
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
