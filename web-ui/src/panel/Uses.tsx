/** Who uses a parameter, a context or a service: each leads to it, and a removal tells of them first. */
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "../components/Button";
import { Modal } from "../components/Modal";
import { runAction } from "../actions/registry";
import type { Use } from "../graph/uses";
import { join } from "../graph/tree";
import { plural, t } from "../messages";
import { openGroup, reveal } from "../state/navigate";
import { select, useUi } from "../state/ui";

/** Shows who uses it: a processor or a group is selected; a service is in the panel of its group; a
 * context among the contexts. */
function go({ group, name, kind }: Use): void {
  if (kind === "processor" || (kind === "group" && name !== "")) {
    reveal(group, name);
    useUi.setState({ isPanelOpen: true });
    return;
  }
  if (kind === "context") {
    runAction("parameters");
    return;
  }
  if (useUi.getState().group !== group) openGroup(group);
  select([]);
  useUi.setState({ isFlowPanelOpen: true });
}

function propertyOf({ kind, property }: Use): string {
  if (kind === "group") return t("parameterContext");
  return kind === "context" ? t("inheritsFrom") : property;
}

interface ListProps {
  uses: readonly Use[];
  /** What is to be done before, such as closing a dialog. */
  onGo?: () => void;
}

export function UseList({ uses, onGo }: ListProps) {
  if (uses.length === 0) return <p className="muted">{t("usedByNobody")}</p>;
  return (
    <ul className="uses" aria-label={t("usedByWhom")}>
      {uses.map((use) => (
        <li key={`${use.kind} ${join(use.group, use.name)}\n${use.property}`}>
          <button
            type="button"
            className="use"
            onClick={() => {
              onGo?.();
              go(use);
            }}
          >
            <span>{use.name === "" ? t("flow") : join(use.group, use.name)}</span>
            <small>{propertyOf(use)}</small>
          </button>
        </li>
      ))}
    </ul>
  );
}

export function countOf(uses: readonly Use[]): string {
  return uses.length === 0 ? t("usedByNobody") : plural(uses.length, "usedOne", "usedMany");
}

interface RemoveProps extends ListProps {
  name: string;
  isDisabled?: boolean;
  onRemove: () => void;
}

/** The button that removes it; where it is used, who uses it is told first. */
export function RemoveUsed({ name, uses, isDisabled = false, onGo, onRemove }: RemoveProps) {
  const [isAsking, setAsking] = useState(false);
  const close = () => {
    setAsking(false);
  };
  return (
    <>
      <IconButton
        label={t("removeNamed", { name })}
        isQuiet
        isSmall
        disabled={isDisabled}
        onClick={() => {
          if (uses.length > 0) setAsking(true);
          else onRemove();
        }}
      >
        <Trash2 size={13} />
      </IconButton>
      {isAsking ? (
        <Modal
          title={t("removeUsedTitle", { name })}
          onClose={close}
          foot={
            <>
              <Button onClick={close}>{t("cancel")}</Button>
              <Button
                tone="danger"
                onClick={() => {
                  close();
                  onRemove();
                }}
              >
                {t("removeUsed")}
              </Button>
            </>
          }
        >
          <p>{t("removeUsedText", { name })}</p>
          <UseList
            uses={uses}
            onGo={() => {
              close();
              onGo?.();
            }}
          />
        </Modal>
      ) : null}
    </>
  );
}
