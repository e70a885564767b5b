/** Makes a flow: empty, to be drawn, and running once it is applied. */
import { useState } from "react";
import { api } from "../api/client";
import { isFlowName } from "../graph/flowNames";
import { t } from "../messages";
import { askFlowsAgain } from "../state/catalog";
import { showFlow } from "../state/route";
import { MakeFlowDialog } from "./MakeFlowDialog";

export default function NewFlowDialog({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [description, setDescription] = useState("");
  const name = typed.trim();
  const make = async () => {
    await api.createFlow(name, description.trim());
    await askFlowsAgain();
    showFlow(name);
  };
  const missing = isFlowName(name) ? undefined : t("flowNameFault");
  return (
    <MakeFlowDialog title={t("newFlow")} missing={missing} make={make} onClose={onClose}>
      {(problem, changed) => (
        <>
          <div className="field">
            <label htmlFor="new-flow-name">{t("name")}</label>
            <input
              id="new-flow-name"
              className="input"
              aria-invalid={problem !== undefined}
              aria-describedby="new-flow-rule new-flow-problem"
              autoComplete="off"
              value={typed}
              onChange={(event) => {
                changed();
                setTyped(event.target.value);
              }}
            />
            <p id="new-flow-rule" className="muted">
              {t("flowNameRule")}
            </p>
            <p id="new-flow-problem" className="problem-text" role="alert">
              {problem}
            </p>
          </div>
          <div className="field">
            <label htmlFor="new-flow-description">{t("whatFor")}</label>
            <input
              id="new-flow-description"
              className="input"
              autoComplete="off"
              value={description}
              onChange={(event) => {
                setDescription(event.target.value);
              }}
            />
          </div>
        </>
      )}
    </MakeFlowDialog>
  );
}
