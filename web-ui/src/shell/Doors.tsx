/** The ways in: a demo, a folder of recordings, a flow's file, or an empty flow. */
import { useRef } from "react";
import { FileUp, FolderOpen, Plus } from "lucide-react";
import { Button } from "../components/Button";
import { t } from "../messages";
import { useRefusal } from "../state/user";
import { importFiles } from "./DropFlow";

/** What is asked for before there is a flow. */
export type DoorDialog = "new" | "folder";

interface Props {
  /** Whether there is nothing yet, so that the demo comes first. */
  isFirst: boolean;
  onDemo: () => void;
  onAsk: (dialog: DoorDialog) => void;
}

export function Doors({ isFirst, onDemo, onAsk }: Props) {
  const file = useRef<HTMLInputElement>(null);
  const refusal = useRefusal("editor");
  const ask = (dialog: DoorDialog) => () => {
    onAsk(dialog);
  };
  const off = { disabled: refusal !== undefined, title: refusal };
  return (
    <div className="home-actions">
      <Button tone={isFirst ? "primary" : undefined} onClick={onDemo} {...off}>
        {t("tryDemo")}
      </Button>
      <Button onClick={ask("folder")} {...off}>
        <FolderOpen size={15} aria-hidden /> {t("openFolder")}
      </Button>
      <Button onClick={() => file.current?.click()} {...off}>
        <FileUp size={15} aria-hidden /> {t("importFlow")}
      </Button>
      <Button tone={isFirst ? undefined : "primary"} onClick={ask("new")} {...off}>
        <Plus size={15} aria-hidden /> {t("newFlow")}
      </Button>
      <input
        ref={file}
        type="file"
        accept=".json,application/json"
        hidden
        disabled={refusal !== undefined}
        aria-label={t("importFlow")}
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          event.target.value = "";
          if (chosen) importFiles([chosen]);
        }}
      />
    </div>
  );
}
