/** Asks for a folder of recordings, and makes a flow for it. */
import { useState } from "react";
import { t } from "../messages";
import { sentence } from "../messages/format";
import { MakeFlowDialog } from "./MakeFlowDialog";
import { Button } from "../components/Button";
import { showFlow } from "../state/route";
import { makeFolderFlow, type FolderFlow } from "./takeFlow";

export default function OpenFolderDialog({ onClose }: { onClose: () => void }) {
  const [folder, setFolder] = useState("");
  const path = folder.trim();
  // What was made for a folder that cannot be read.
  const [made, setMade] = useState<FolderFlow | undefined>();
  const make = async () => {
    const flow = await makeFolderFlow(path, made);
    if (flow.unread === undefined) {
      showFlow(flow.name);
      return;
    }
    setMade(flow);
    throw new Error(t("folderMade", { why: sentence(flow.unread), name: flow.name }));
  };
  return (
    <MakeFlowDialog
      title={t("openFolder")}
      missing={path === "" ? t("folderMissing") : undefined}
      act={made ? t("again") : undefined}
      make={make}
      onClose={onClose}
    >
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
          {made && problem !== undefined ? (
            <span>
              <Button
                isSmall
                onClick={() => {
                  onClose();
                  showFlow(made.name);
                }}
              >
                {t("folderOpen")}
              </Button>
            </span>
          ) : null}
        </div>
      )}
    </MakeFlowDialog>
  );
}
