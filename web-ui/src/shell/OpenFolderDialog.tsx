/** Asks for a folder of recordings, and makes a flow for it. */
import { useState } from "react";
import { t } from "../messages";
import { MakeFlowDialog } from "./MakeFlowDialog";
import { openFolder } from "./takeFlow";

export default function OpenFolderDialog({ onClose }: { onClose: () => void }) {
  const [folder, setFolder] = useState("");
  const path = folder.trim();
  const make = () => openFolder(path);
  return (
    <MakeFlowDialog title={t("openFolder")} isReady={path !== ""} make={make} onClose={onClose}>
      {(problem, changed) => (
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
              changed();
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
      )}
    </MakeFlowDialog>
  );
}
