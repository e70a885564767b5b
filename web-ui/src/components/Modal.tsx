/** A dialog of the browser's own: it keeps the focus, and Escape closes it. */
import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { X } from "lucide-react";
import { t } from "../messages";
import { findFocus } from "../state/focus";
import { IconButton } from "./Button";
import { Layer, opened } from "./layer";
import { useScrollable } from "./useScrollable";

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  foot?: ReactNode;
  /** `full`: all of the window but its edge. */
  size?: "wide" | "full" | undefined;
  /** Near the top and without a head, as for pickers. */
  isBare?: boolean;
  /** Whether one looks at it first: what is typed by habit must not land in a field. */
  isRead?: boolean;
  /** Whether one goes on at the canvas, wherever it was opened from. */
  isOfCanvas?: boolean | undefined;
}

const WANTED = [
  "input[role=combobox]",
  ".dialog-body :is(input, select, textarea):not(:disabled)",
  ".dialog-foot .primary:not(:disabled)",
];

/** What gets the focus back: where keys led from, or a mouse to another dialog. Who presses a button
 * with a mouse goes on at the canvas, whose keys a button does not take. */
function openedFrom(): HTMLElement | undefined {
  const { activeElement } = document;
  if (!(activeElement instanceof HTMLElement)) return undefined;
  const isKept = activeElement.matches(":focus-visible") || activeElement.closest("dialog");
  return isKept ? activeElement : undefined;
}

function Body({ title, children }: { title: string; children: ReactNode }) {
  const body = useRef<HTMLDivElement>(null);
  const scrolled = useScrollable(body) ? { tabIndex: 0, role: "region", "aria-label": title } : {};
  return (
    <div className="dialog-body" ref={body} tabIndex={-1} {...scrolled}>
      {children}
    </div>
  );
}

export function Modal({ title, onClose, children, foot, size, isBare, isRead, isOfCanvas }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [layer, setLayer] = useState<HTMLElement | undefined>();
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    const opener = isOfCanvas === true ? undefined : openedFrom();
    if (element && !element.open) element.showModal();
    setLayer(element ?? undefined);
    const body = element?.querySelector<HTMLElement>(".dialog-body");
    // The first field takes the focus, or what is done when there is none; not the way out.
    const take = () => {
      const first = WANTED.map((each) => element?.querySelector<HTMLElement>(each));
      (isRead === true ? body : (first.find((each) => each) ?? body))?.focus();
    };
    take();
    // What comes later takes it as long as nobody has moved it.
    const coming = new MutationObserver(() => {
      if (isRead !== true && body && document.activeElement === body) take();
    });
    if (element) {
      const attributeFilter = ["disabled"];
      coming.observe(element, { childList: true, subtree: true, attributeFilter });
    }
    const closed = element ? opened(element) : undefined;
    return () => {
      coming.disconnect();
      closed?.();
      element?.close();
      findFocus(opener);
    };
  }, [isRead, isOfCanvas]);
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
        {/* Messages are put below it, not into it. */}
        <div className="dialog-box">
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
          {isBare ? children : <Body title={title}>{children}</Body>}
          {foot ? <div className="dialog-foot">{foot}</div> : null}
        </div>
      </Layer>
    </dialog>
  );
}
