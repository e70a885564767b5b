/** Short messages at the edge; conflicts with both values and a choice. */
import { useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from "lucide-react";
import type { Conflict, Json } from "../api/types";
import { t } from "../messages";
import { dismiss, useUi, type Toast } from "../state/ui";
import { Button, IconButton } from "./Button";
import { useDialogs } from "./layer";

const ICONS = { info: Info, success: CircleCheck, warning: TriangleAlert, error: CircleAlert };

export function Toasts() {
  const toasts = useUi((state) => state.toasts);
  const announcement = useUi((state) => state.announcement);
  // Beside a dialog nobody would see or hear them.
  const dialog = useDialogs((state) => state.open.at(-1));
  const list = useRef<HTMLDivElement>(null);
  const newest = toasts.at(-1)?.id;
  // Where there are more than fit, the newest is seen.
  useEffect(() => {
    list.current?.scrollTo(0, list.current.scrollHeight);
  }, [newest]);
  return createPortal(
    <>
      <div ref={list} className="toasts" role="region" aria-label={t("notices")}>
        {toasts.map((each) => (
          <ToastBox key={each.id} toast={each} />
        ))}
      </div>
      <div className="unseen" role="status" aria-live="polite">
        {announcement}
      </div>
    </>,
    dialog ?? document.body,
  );
}

function ToastBox({ toast }: { toast: Toast }) {
  const Icon = ICONS[toast.tone];
  return (
    <div className={`toast ${toast.tone}`} role={toast.tone === "error" ? "alert" : "status"}>
      <Icon size={18} aria-hidden />
      <div className="toast-text">
        <strong>{toast.title}</strong>
        {toast.detail ? <p>{toast.detail}</p> : null}
        {toast.conflicts?.map((conflict) => (
          <ConflictRow key={conflict.path.join("\0")} conflict={conflict} />
        ))}
        {toast.actions ? (
          <div className="toast-actions">
            {toast.actions.map(({ label, run }) => (
              <Button
                key={label}
                isSmall
                onClick={() => {
                  dismiss(toast.id);
                  run();
                }}
              >
                {label}
              </Button>
            ))}
          </div>
        ) : null}
      </div>
      <IconButton
        label={t("close")}
        isQuiet
        isSmall
        onClick={() => {
          dismiss(toast.id);
        }}
      >
        <X size={14} />
      </IconButton>
    </div>
  );
}

function ConflictRow({ conflict }: { conflict: Conflict }) {
  const where = conflict.path.filter((_, index) => index % 2 === 1 || conflict.path.length < 3);
  return (
    <dl className="conflict">
      <dt>{where.join(" / ")}</dt>
      <dd>
        <span>{t("yours")}</span> <code>{shown(conflict.after)}</code>
      </dd>
      <dd>
        <span>{t("theirs")}</span> <code>{shown(conflict.found)}</code>
      </dd>
    </dl>
  );
}

function shown(value: Json | undefined): string {
  if (value === undefined) return t("nothing");
  return (typeof value === "string" ? value : JSON.stringify(value)).slice(0, 120);
}
