/** The same figures as the charts have, to be read or heard; the newest first. */
import { moment } from "../messages/format";
import { t } from "../messages";
import type { Figures } from "./figures";

export function FiguresTable({ times, all }: { times: readonly number[]; all: Figures[] }) {
  const lines = all.flatMap(({ title, lines: own, show }) =>
    own.map((line) => ({ ...line, title, show })),
  );
  const known = times
    .map((time, at) => ({ time, at }))
    .filter(({ at }) => lines.some((line) => line.values[at] != null))
    .reverse();
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t("figuresTable")}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("atTime")}</th>
            {lines.map(({ title, label }) => (
              <th key={`${title} ${label}`} scope="col">
                {t(label)}
                <small>{t(title)}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {known.map(({ time, at }) => (
            <tr key={time}>
              <th scope="row">{moment(time * 1000)}</th>
              {lines.map(({ title, label, values, show }) => {
                const value = values[at];
                return (
                  <td key={`${title} ${label}`} className="number">
                    {value == null ? "–" : show(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
