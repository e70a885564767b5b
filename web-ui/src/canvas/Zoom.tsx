/** Zooming by hand, and how near one is. */
import { useEffect } from "react";
import { Maximize, Minus, Plus } from "lucide-react";
import { useReactFlow, useStore } from "@xyflow/react";
import { IconButton } from "../components/Button";
import { t } from "../messages";
import { focusAll } from "../state/ui";
import { setView } from "../actions/view";

export function Zoom() {
  const flow = useReactFlow();
  const zoom = useStore((state) => state.transform[2]);
  useEffect(() => {
    setView(flow);
    return () => {
      setView(undefined);
    };
  }, [flow]);
  return (
    <div className="zoom nopan">
      <IconButton
        label={t("zoomOut")}
        shortcut="-"
        isQuiet
        isSmall
        onClick={() => void flow.zoomOut()}
      >
        <Minus size={15} />
      </IconButton>
      <button
        type="button"
        className="zoom-at"
        title={t("zoomReset")}
        onClick={() => void flow.zoomTo(1)}
      >
        {t("percent", { value: Math.round(zoom * 100) })}
      </button>
      <IconButton
        label={t("zoomIn")}
        shortcut="+"
        isQuiet
        isSmall
        onClick={() => void flow.zoomIn()}
      >
        <Plus size={15} />
      </IconButton>
      <IconButton
        label={t("fit")}
        shortcut="F"
        isQuiet
        isSmall
        onClick={() => {
          focusAll();
        }}
      >
        <Maximize size={15} />
      </IconButton>
    </div>
  );
}
