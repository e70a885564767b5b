/** A content as a table, a page at a time. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { contents, type Waiting, whyOf } from "../api/client";
import type { Cell } from "../api/types";
import { Pager } from "../components/Pager";
import { whole } from "../messages/format";
import { t } from "../messages";

const ROWS = 100;
const CELL_MAX = 200;

export function tablePage(waiting: Waiting, offset: number) {
  return {
    queryKey: ["table", waiting, offset],
    queryFn: () => contents.table(waiting, offset, ROWS),
    gcTime: 0,
    retry: false,
  };
}

export function TableView({ waiting }: { waiting: Waiting }) {
  const [starts, setStarts] = useState<readonly number[]>([0]);
  const offset = starts.at(-1) ?? 0;
  const { data, error } = useQuery({
    ...tablePage(waiting, offset),
    placeholderData: (last) => last,
  });
  if (error) return <p className="problem-text">{whyOf(error)}</p>;
  if (!data) return <p className="muted">{t("loading")}</p>;
  const { columns, rows, next, rowCount } = data;
  return (
    <>
      <div className="table-head">
        <span>
          {t("rowsShown", { from: whole(data.offset + 1), to: whole(data.offset + rows.length) })}
          {rowCount === null ? null : ` ${t("rowsOf", { count: whole(rowCount) })}`}
        </span>
        <span className="grow" />
        <Pager
          labels={{ back: t("rowsBack"), on: t("rowsOn") }}
          starts={starts}
          next={next}
          onStarts={setStarts}
        />
      </div>
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t("viewTable")}>
        <table className="table">
          <thead>
            <tr>
              {columns.map((column, index) => (
                <th key={index} scope="col">
                  {column.name}
                  <small>{column.type}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={data.offset + index}>
                {columns.map((_, at) => (
                  <CellBox key={at} value={row[at] ?? null} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function CellBox({ value }: { value: Cell }) {
  const text = value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
  const isNumber = typeof value === "number";
  return (
    <td className={isNumber ? "number" : undefined} title={text.length > 40 ? text : undefined}>
      {text.slice(0, CELL_MAX)}
    </td>
  );
}
