/** Asks for a folder of recordings, and makes a flow for it once some were seen there. */
import { useRef, useState } from "react";
import { t } from "../messages";
import { MakeFlowDialog } from "./MakeFlowDialog";
import { Button } from "../components/Button";
import { showFlow } from "../state/route";
import { faultOfFolder, makeFolderFlow } from "./takeFlow";

export default function OpenFolderDialog({ onClose }: { onClose: () => void }) {
  const [folder, setFolder] = useState("");
  const path = folder.trim();
  /** The folder in which nothing was found. */
  const [barren, setBarren] = useState<string | undefined>();
  /** The folder that is meant nevertheless. */
  const anyway = useRef<string | undefined>(undefined);
  const make = async (isWanted: () => boolean) => {
    const fault = anyway.current === path ? undefined : await faultOfFolder(path);
    if (fault !== undefined) {
      setBarren(path);
      throw new Error(fault);
    }
    if (isWanted()) showFlow(await makeFolderFlow(path));
  };
  return (
    <MakeFlowDialog
      title={t("openFolder")}
      missing={path === "" ? t("folderMissing") : undefined}
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
          <p id="open-folder-problem" className="problem-text" role="alert">
            {problem}
          </p>
          {problem !== undefined && barren === path ? (
            <span>
              <Button
                isSmall
                onClick={(event) => {
                  anyway.current = path;
                  event.currentTarget.form?.requestSubmit();
                }}
              >
                {t("folderAnyway")}
              </Button>
            </span>
          ) : null}
          <p id="open-folder-about" className="muted">
            {t("folderAbout")}
          </p>
        </div>
      )}
    </MakeFlowDialog>
  );
}
