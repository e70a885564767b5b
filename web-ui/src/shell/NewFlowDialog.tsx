/** Makes a flow: empty, to be drawn, and running once it is applied. */
import { useState } from "react";
import { api, whyOf } from "../api/client";
import { Button } from "../components/Button";
import { Modal } from "../components/Modal";
import { t } from "../messages";
import { queries } from "../state/catalog";
import { flowHash } from "../state/route";

export default function NewFlowDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [problem, setProblem] = useState<string | undefined>();
  const [isMaking, setMaking] = useState(false);
  const make = async () => {
    setMaking(true);
    try {
      await api.createFlow(name.trim(), description.trim());
      await queries.invalidateQueries({ queryKey: ["flows"] });
      onClose();
      location.hash = flowHash(name.trim(), "");
    } catch (error) {
      setProblem(whyOf(error));
      setMaking(false);
    }
  };
  return (
    <Modal
      title={t("newFlow")}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button
            tone="primary"
            type="submit"
            form="new-flow"
            disabled={name.trim() === "" || isMaking}
          >
            {t("makeFlow")}
          </Button>
        </>
      }
    >
      <form
        id="new-flow"
        className="form plain"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "" && !isMaking) void make();
        }}
      >
        <div className="field">
          <label htmlFor="new-flow-name">{t("name")}</label>
          <input
            id="new-flow-name"
            className="input"
            aria-invalid={problem !== undefined}
            aria-describedby="new-flow-problem"
            autoComplete="off"
            value={name}
            onChange={(event) => {
              setProblem(undefined);
              setName(event.target.value);
            }}
          />
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
      </form>
    </Modal>
  );
}
