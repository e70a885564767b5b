/** The numbers on a spectrogram, and what is under the mouse. The server draws the picture only. */
import { useRef, useState } from "react";
import { playTime } from "../messages/format";
import { t } from "../messages";
import { hzAt, noteOf, pitchTicks, timeTicks } from "./scale";

const percent = (part: number) => `${String(part * 100)}%`;

const kilo = (hz: number) => (hz < 1000 ? String(hz) : `${String(hz / 1000)}k`);

interface Props {
  seconds: number;
  /** In Hz; the picture goes up to half of it. */
  sampleRate: number;
}

/** Lies over the picture, and lets the mouse through to what is played. */
export function PitchScale({ seconds, sampleRate }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<{ x: number; y: number } | undefined>();
  const hz = at === undefined ? 0 : hzAt(1 - at.y, sampleRate);
  return (
    <div
      ref={place}
      className="pitch-scale"
      aria-hidden
      onPointerMove={({ clientX, clientY }) => {
        const box = place.current?.getBoundingClientRect();
        if (!box || box.width === 0) return;
        setAt({ x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height });
      }}
      onPointerLeave={() => {
        setAt(undefined);
      }}
    >
      {pitchTicks(sampleRate).map(({ value, part }) => (
        <span key={value} className="pitch-tick" style={{ bottom: percent(part) }}>
          {kilo(value)}
        </span>
      ))}
      <span className="pitch-unit">{t("hertz")}</span>
      {at === undefined ? null : (
        <span
          className={at.x > 0.6 ? "pitch-here left" : "pitch-here"}
          style={{ left: percent(at.x), top: percent(Math.min(Math.max(at.y, 0.1), 0.9)) }}
        >
          {t("pitchAt", {
            hz: Math.round(hz),
            note: noteOf(hz) ?? "–",
            time: (at.x * seconds).toFixed(seconds < 60 ? 2 : 1),
          })}
        </span>
      )}
    </div>
  );
}

export function TimeScale({ seconds }: { seconds: number }) {
  const ticks = timeTicks(seconds);
  const isShort = (ticks[1]?.value ?? 1) < 1;
  return (
    <div className="time-scale" aria-hidden>
      {ticks.map(({ value, part }) => (
        <span
          key={value}
          className={part < 0.02 ? "first" : part > 0.98 ? "last" : undefined}
          style={{ left: percent(part) }}
        >
          {isShort ? value.toFixed(1) : playTime(value)}
        </span>
      ))}
    </div>
  );
}
