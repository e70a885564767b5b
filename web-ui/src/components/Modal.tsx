/** A dialog of the browser's own: it keeps the focus, and Escape closes it. */
import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { X } from "lucide-react";
import { t } from "../messages";
import { IconButton } from "./Button";
import { Layer, opened } from "./layer";

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  foot?: ReactNode;
  size?: "wide" | undefined;
  /** Near the top and without a head, as for pickers. */
  isBare?: boolean;
  /** Whether one looks at it first: what is typed by habit must not land in a field. */
  isRead?: boolean;
}

const WANTED = [
  "input[role=combobox]",
  ".dialog-body :is(input, select, textarea):not(:disabled)",
  ".dialog-foot .primary:not(:disabled)",
  ".dialog-body",
];

export function Modal({ title, onClose, children, foot, size, isBare, isRead }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [layer, setLayer] = useState<HTMLElement | undefined>();
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    setLayer(element ?? undefined);
    // The first field takes the focus, or what is done when there is none; not the way out.
    const wanted = isRead === true ? [".dialog-body"] : WANTED;
    const first = wanted.map((each) => element?.querySelector<HTMLElement>(each));
    first.find((each) => each)?.focus();
    const closed = element ? opened(element) : undefined;
    return () => {
      closed?.();
      element?.close();
    };
  }, [isRead]);
  const classes = ["dialog", size, isBare ? "top" : undefined];
  return (
    <dialog
      ref={dialog}
      className={classes.filter(Boolean).join(" ")}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === dialog.current) onClose();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
      }}
    >
      <Layer value={layer}>
        {isBare ? (
          <h2 id={id} className="unseen">
            {title}
          </h2>
        ) : (
          <div className="dialog-head">
            <h2 id={id}>{title}</h2>
            <IconButton label={t("close")} isQuiet onClick={onClose}>
              <X size={16} />
            </IconButton>
          </div>
        )}
        {isBare ? (
          children
        ) : (
          <div className="dialog-body" tabIndex={-1}>
            {children}
          </div>
        )}
        {foot ? <div className="dialog-foot">{foot}</div> : null}
      </Layer>
    </dialog>
  );
}
