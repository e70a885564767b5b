/** Gives the selected box another name. */
import { useState } from "react";
import { Button } from "../components/Button";
import { Modal } from "../components/Modal";
import { nameFault } from "../graph/tree";
import { t } from "../messages";
import { rename } from "../actions/build";
import { useUi } from "../state/ui";

export default function RenameDialog({ onClose }: { onClose: () => void }) {
  const [from = ""] = useUi.getState().nodes;
  const [name, setName] = useState(from);
  const [isTaken, setTaken] = useState(false);
  const fault = nameFault(name);
  const message = fault ? t(fault) : isTaken ? t("nameTaken", { name }) : undefined;
  return (
    <Modal
      title={t("renameTitle", { name: from })}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button tone="primary" type="submit" form="rename" disabled={fault !== undefined}>
            {t("actRename")}
          </Button>
        </>
      }
    >
      <form
        id="rename"
        className="field"
        onSubmit={(event) => {
          event.preventDefault();
          if (fault) return;
          if (rename(from, name)) onClose();
          else setTaken(true);
        }}
      >
        <input
          className="input"
          aria-label={t("name")}
          aria-invalid={message !== undefined}
          autoFocus
          value={name}
          onFocus={(event) => {
            event.target.select();
          }}
          onChange={(event) => {
            setTaken(false);
            setName(event.target.value);
          }}
        />
        {message === undefined ? null : (
          <p className="problem-text" role="alert">
            {message}
          </p>
        )}
      </form>
    </Modal>
  );
}
