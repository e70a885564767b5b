/** Asks for a folder of recordings, and makes a flow for it. */
import { useState } from "react";
import { whyOf } from "../api/client";
import { Button } from "../components/Button";
import { Modal } from "../components/Modal";
import { t } from "../messages";
import { openFolder } from "./takeFlow";

export default function OpenFolderDialog({ onClose }: { onClose: () => void }) {
  const [folder, setFolder] = useState("");
  const [problem, setProblem] = useState<string | undefined>();
  const [isMaking, setMaking] = useState(false);
  const path = folder.trim();
  const make = async () => {
    setMaking(true);
    try {
      await openFolder(path);
      onClose();
    } catch (error) {
      setProblem(whyOf(error));
      setMaking(false);
    }
  };
  return (
    <Modal
      title={t("openFolder")}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button
            tone="primary"
            type="submit"
            form="open-folder"
            disabled={path === "" || isMaking}
          >
            {t("makeFlow")}
          </Button>
        </>
      }
    >
      <form
        id="open-folder"
        className="form plain"
        onSubmit={(event) => {
          event.preventDefault();
          if (path !== "" && !isMaking) void make();
        }}
      >
        <div className="field">
          <label htmlFor="open-folder-path">{t("folderPath")}</label>
          <input
            id="open-folder-path"
            className="input"
            aria-invalid={problem !== undefined}
            aria-describedby="open-folder-about open-folder-problem"
            autoComplete="off"
            spellCheck={false}
            placeholder={t("folderExample")}
            value={folder}
            onChange={(event) => {
              setProblem(undefined);
              setFolder(event.target.value);
            }}
          />
          <p id="open-folder-about" className="muted">
            {t("folderAbout")}
          </p>
          <p id="open-folder-problem" className="problem-text" role="alert">
            {problem}
          </p>
        </div>
      </form>
    </Modal>
  );
}
