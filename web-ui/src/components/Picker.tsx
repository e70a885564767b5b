/** Type, choose with the arrow keys, take with Enter: for types, commands, targets. */
import { Fragment, useEffect, useId, useState, type KeyboardEvent, type ReactNode } from "react";
import { t } from "../messages";
import { Modal } from "./Modal";

export interface PickerItem {
  id: string;
  name: string;
  about?: string | undefined;
  icon?: ReactNode;
  side?: ReactNode;
  /** The heading of the part of the list that it begins, or is in. */
  part?: string | undefined;
}

interface Props<T extends PickerItem> {
  title: string;
  placeholder: string;
  none: string | ((typed: string) => string);
  /** The items that fit what is typed, best first. */
  find: (typed: string) => T[];
  onPick: (item: T) => void;
  onClose: () => void;
  /** Whether there is nothing to choose from only as it has not come yet. */
  isComing?: boolean;
  /** Whether one goes on at the canvas, wherever it was opened from. */
  isOfCanvas?: boolean;
}

const SHOWN_MAX = 60;

export function Picker<T extends PickerItem>(props: Props<T>) {
  const { title, placeholder, none, find, onPick, onClose, isComing, isOfCanvas } = props;
  const [typed, setTyped] = useState("");
  /** Enter was pressed before there was anything: it is taken when it comes. */
  const [isAwaited, setAwaited] = useState(false);
  const [at, setAt] = useState(0);
  const id = useId();
  const items = find(typed).slice(0, SHOWN_MAX);
  const chosen = Math.min(at, items.length - 1);
  const pick = (item: T) => {
    onClose();
    onPick(item);
  };
  const move = (step: number) => {
    const next = items.length === 0 ? 0 : (chosen + step + items.length) % items.length;
    setAt(next);
    document.getElementById(`${id}-${String(next)}`)?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter") {
      const item = items[chosen];
      if (isComing) setAwaited(true);
      else if (item) pick(item);
    } else return;
    event.preventDefault();
  };
  const awaited = isAwaited && !isComing ? items[0] : undefined;
  useEffect(() => {
    if (awaited) pick(awaited);
  });
  return (
    <Modal title={title} onClose={onClose} isBare isOfCanvas={isOfCanvas}>
      <input
        className="picker-input"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={items.length > 0 ? `${id}-${String(chosen)}` : undefined}
        aria-label={title}
        placeholder={placeholder}
        autoFocus
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAwaited(false);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      {items.length === 0 ? (
        <div className="picker-none">{typeof none === "string" ? none : none(typed)}</div>
      ) : null}
      <ul className="picker-list" role="listbox" id={`${id}-list`} aria-label={title}>
        {items.map((item, index) => (
          <Fragment key={item.id}>
            {item.part !== undefined && item.part !== items[index - 1]?.part ? (
              // Each of its lines says so itself.
              <li className="picker-part" role="presentation" aria-hidden>
                {item.part}
              </li>
            ) : null}
            <li
              id={`${id}-${String(index)}`}
              role="option"
              aria-selected={index === chosen}
              className="picker-item"
              onMouseMove={() => {
                setAt(index);
              }}
              onClick={() => {
                pick(item);
              }}
            >
              <span className="picker-icon">{item.icon}</span>
              <span className="what">
                <span className="name">{item.name}</span>
                {item.about ? <div className="about">{item.about}</div> : null}
              </span>
              {item.side ?? <span className="unseen">{t("pickHint")}</span>}
            </li>
          </Fragment>
        ))}
      </ul>
    </Modal>
  );
}
