/** What a group without anything in it says: how one begins. */
import { Plus } from "lucide-react";
import { runAction, shortcutOf } from "../actions/registry";
import { Button } from "../components/Button";
import { t } from "../messages";
import { useRefusal } from "../state/user";

export function EmptyCanvas() {
  const refusal = useRefusal("editor");
  const keys = shortcutOf("add");
  return (
    <div className="canvas-empty">
      <strong>{t("emptyTitle")}</strong>
      {refusal === undefined ? (
        <>
          <p>{t("emptyText")}</p>
          <Button
            tone="primary"
            onClick={() => {
              runAction("add");
            }}
          >
            <Plus size={16} aria-hidden /> {t("actAdd")}
            {keys === undefined ? null : <kbd className="key">{keys}</kbd>}
          </Button>
        </>
      ) : null}
    </div>
  );
}
