/** Type, choose with the arrow keys, take with Enter: for types, commands, targets. */
import { useId, useState, type KeyboardEvent, type ReactNode } from "react";
import { t } from "../messages";
import { Modal } from "./Modal";

export interface PickerItem {
  id: string;
  name: string;
  about?: string | undefined;
  icon?: ReactNode;
  side?: ReactNode;
}

interface Props<T extends PickerItem> {
  title: string;
  placeholder: string;
  none: string;
  /** The items that fit what is typed, best first. */
  find: (typed: string) => T[];
  onPick: (item: T) => void;
  onClose: () => void;
  /** Whether one goes on at the canvas, wherever it was opened from. */
  isOfCanvas?: boolean;
}

const SHOWN_MAX = 60;

export function Picker<T extends PickerItem>(props: Props<T>) {
  const { title, placeholder, none, find, onPick, onClose, isOfCanvas } = props;
  const [typed, setTyped] = useState("");
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
      if (item) pick(item);
    } else return;
    event.preventDefault();
  };
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
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      {items.length === 0 ? <div className="picker-none">{none}</div> : null}
      <ul className="picker-list" role="listbox" id={`${id}-list`} aria-label={title}>
        {items.map((item, index) => (
          <li
            key={item.id}
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
            {item.icon}
            <span className="what">
              <span className="name">{item.name}</span>
              {item.about ? <div className="about">{item.about}</div> : null}
            </span>
            {item.side ?? <span className="unseen">{t("pickHint")}</span>}
          </li>
        ))}
      </ul>
    </Modal>
  );
}
