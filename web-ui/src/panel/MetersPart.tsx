/** How much a processor that runs uses of what it may use, such as a script of memory and time. */
import type { Meter } from "../api/types";
import { bytes, duration } from "../messages/format";
import { t, type MessageKey } from "../messages";
import { processors, useLive } from "../state/live";

const NAMES: Record<string, MessageKey> = { memory: "meterMemory", time: "meterTime" };

function amount({ unit }: Meter, value: number): string {
  return unit === "bytes" ? bytes(value) : duration(value);
}

export function MetersPart({ path }: { path: string }) {
  // Asked anew with each status.
  useLive((state) => state.beat);
  const meters = processors.latest.get(path)?.status.meters ?? [];
  if (meters.length === 0) return null;
  return (
    <section className="form-part meters" aria-label={t("meters")}>
      {meters.map((meter) => {
        const key = NAMES[meter.name];
        const values = { used: amount(meter, meter.used), limit: amount(meter, meter.limit) };
        return (
          <div key={meter.name} className="meter">
            <span>{key === undefined ? meter.name : t(key)}</span>
            <meter
              aria-label={key === undefined ? meter.name : t(key)}
              min={0}
              max={meter.limit}
              high={meter.limit * 0.8}
              value={meter.used}
            />
            <span>{t("meterOf", values)}</span>
            <small>{t("meterMost", { most: amount(meter, meter.most) })}</small>
          </div>
        );
      })}
    </section>
  );
}
