/** What the flow or a part of it did in the last hour or day, as charts or as a table. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { ChartLine } from "lucide-react";
import { api, problemIn, whyOf } from "../api/client";
import type { FiguresSpan, MetricsHistory } from "../api/types";
import { Modal } from "../components/Modal";
import { TabRow } from "../components/TabRow";
import { join } from "../graph/tree";
import { t } from "../messages";
import { connections, processors, useLive } from "../state/live";
import { flowName } from "../state/draft";
import { useUi } from "../state/ui";
import { Chart } from "./Chart";
import { figuresOf, isMeasured, known, timesOf } from "./figures";
import { FiguresTable } from "./FiguresTable";
import "../styles/figures.css";

export default function FiguresDialog({ onClose }: { onClose: () => void }) {
  const flow = flowName();
  const parts = useParts();
  // What runs may be known only a moment after this is open.
  const [first] = useState(selected);
  const [chosen, setChosen] = useState<string>();
  const isKnown = [...parts.processors, ...parts.connections].includes(first);
  const component = chosen ?? (isKnown ? first : "");
  const [span, setSpan] = useState<FiguresSpan>("hour");
  const [isTable, setTable] = useState(false);
  const { data, error } = useQuery({
    queryKey: ["figures", flow, component, span],
    queryFn: () => api.figures(flow, component, span),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const isUnknown = error !== null && problemIn(error).code === "noComponent";
  return (
    <Modal title={t("figuresTitle")} onClose={onClose} size="wide">
      <div className="figures-dialog">
        <div className="figures-head">
          <label className="figures-of">
            {t("component")}
            <select
              className="input"
              value={component}
              onChange={(event) => {
                setChosen(event.target.value);
              }}
            >
              <option value="">{t("wholeFlow")}</option>
              <optgroup label={t("processors")}>
                {parts.processors.map((path) => (
                  <option key={path}>{path}</option>
                ))}
              </optgroup>
              <optgroup label={t("connections")}>
                {parts.connections.map((path) => (
                  <option key={path}>{path}</option>
                ))}
              </optgroup>
            </select>
          </label>
          <TabRow
            label={t("figuresSpan")}
            tabs={[
              { id: "hour", text: t("lastHour") },
              { id: "day", text: t("lastDay") },
            ]}
            chosen={span}
            onChoose={setSpan}
          />
          <span className="grow" />
          <label className="check">
            <input
              type="checkbox"
              checked={isTable}
              onChange={(event) => {
                setTable(event.target.checked);
              }}
            />
            {t("asTable")}
          </label>
        </div>
        {error && !isUnknown ? <p className="problem-text">{whyOf(error)}</p> : null}
        {isUnknown || (data && !isMeasured(data)) ? (
          <div className="empty">
            <ChartLine size={20} aria-hidden />
            {t("figuresNone")}
          </div>
        ) : data ? (
          <Shown data={data} isTable={isTable} />
        ) : null}
      </div>
    </Modal>
  );
}

function Shown({ data: all, isTable }: { data: MetricsHistory; isTable: boolean }) {
  const data = useMemo(() => known(all), [all]);
  const times = useMemo(() => timesOf(data), [data]);
  const figures = useMemo(() => figuresOf(data), [data]);
  if (isTable) return <FiguresTable times={times} all={figures} />;
  return (
    <div className="charts">
      {figures.map((each) => (
        <Chart key={each.title} times={times} figures={each} />
      ))}
    </div>
  );
}

interface Parts {
  processors: string[];
  connections: string[];
}

/** What runs, by its paths. */
function useParts(): Parts {
  useLive((state) => state.state);
  return {
    processors: [...processors.latest.keys()].sort(),
    connections: [...connections.latest.keys()].sort(),
  };
}

/** The path of what is selected on the canvas; nothing where that is not one thing. */
function selected(): string {
  const { group, nodes, wires } = useUi.getState();
  const [name] = [...nodes, ...wires];
  return nodes.size + wires.size === 1 && name !== undefined ? join(group, name) : "";
}
