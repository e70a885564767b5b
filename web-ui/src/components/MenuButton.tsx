/** A button with a menu. The library of menus is large, and nothing of it is seen but this button:
 * it comes while the mouse is on its way, and with the first menu at the latest. */
import { useId, useRef, useState, type ReactNode } from "react";
import { Hint } from "./Hint";
import { Late } from "./Late";

/** What a list has to be told of where it opens. */
export interface MenuPlace {
  anchor: HTMLElement;
  /** The button's, whose name is the menu's. */
  labelledBy: string;
  /** Whoever opens it by a key is at its first item at once. */
  isByKey: boolean;
  onClose: () => void;
}

interface Props {
  label: string;
  icon: ReactNode;
  isSmall?: boolean;
  className?: string;
  /** Loads what is listed. */
  load: () => Promise<unknown>;
  children: (place: MenuPlace) => ReactNode;
}

const OPENING = new Set(["Enter", " ", "ArrowDown"]);

export function MenuButton({ label, icon, isSmall = false, className, load, children }: Props) {
  const [anchor, setAnchor] = useState<HTMLElement>();
  const [isByKey, setByKey] = useState(false);
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setAnchor(undefined);
  };
  const toggle = (isKey: boolean) => {
    setByKey(isKey);
    setAnchor(anchor ? undefined : (button.current ?? undefined));
  };
  // What fails here fails when it is to be shown, too.
  const prepare = () => void load().catch(() => undefined);
  const classes = ["button icon quiet", isSmall && "small", className];
  return (
    <>
      <Hint text={label}>
        <button
          ref={button}
          id={id}
          type="button"
          className={classes.filter(Boolean).join(" ")}
          aria-label={label}
          aria-haspopup="menu"
          aria-expanded={anchor !== undefined}
          data-state={anchor ? "open" : "closed"}
          onPointerEnter={prepare}
          onFocus={prepare}
          onPointerDown={(event) => {
            if (event.button !== 0 || event.ctrlKey) return;
            // The menu takes the focus when it is there.
            if (!anchor) event.preventDefault();
            toggle(false);
          }}
          onClick={({ detail }) => {
            // Of a screen reader: neither a key nor a pointer went before.
            if (detail === 0) toggle(true);
          }}
          onKeyDown={(event) => {
            if (!OPENING.has(event.key)) return;
            event.preventDefault();
            if (!anchor || event.key !== "ArrowDown") toggle(true);
          }}
        >
          {icon}
        </button>
      </Hint>
      {anchor ? (
        <Late onFail={close}>{children({ anchor, labelledBy: id, isByKey, onClose: close })}</Late>
      ) : null}
    </>
  );
}
