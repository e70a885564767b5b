/** What is written or chosen in a field. A text counts when the field is left or Enter is pressed;
 * Escape takes it back. */
import { useId, useRef, type KeyboardEvent, type ReactNode } from "react";
import { Users } from "lucide-react";
import type { Json } from "../api/types";
import type { Seen } from "../graph/changes";
import { t } from "../messages";
import type { TellProblem } from "../state/sync";
import { useMay } from "../state/user";
import { Fault } from "./Fault";
import { textOf, useTyping } from "./useTyping";

/** How much of another's value is shown. */
const THEIRS_MAX = 120;

/** Says what somebody else has made of a value that is just being written. */
export function ChangedNote({ id, theirs }: { id?: string; theirs: Json | undefined }) {
  const value = textOf(theirs);
  const short = value.length > THEIRS_MAX ? `${value.slice(0, THEIRS_MAX)}…` : value;
  return (
    <div className="field-findings" id={id} role="status">
      <p className="warn">
        <Users size={14} aria-hidden />
        <span>
          {value === "" ? t("emptiedMeanwhile") : t("changedMeanwhile", { value: short })}
          <small>{t("changedMeanwhileHelp")}</small>
        </span>
      </p>
    </div>
  );
}

/** Says why a text was not taken, which stays in its field. */
export function RefusedNote({ id, why }: { id: string; why: string }) {
  return (
    <Fault id={id}>
      {why}
      <small>{t("formRefused")}</small>
    </Fault>
  );
}

interface TextInputProps {
  id: string;
  value: Json | undefined;
  /** `seen` is the value when the typing began; `told` puts a refusal under the field. */
  onCommit: (text: string, seen: Seen, told: TellProblem) => void;
  /** Why a text is not sent, if it is not. */
  wrong?: ((text: string) => string | undefined) | undefined;
  placeholder?: string | undefined;
  describedBy?: string | undefined;
  isInvalid?: boolean;
  isLong?: boolean;
  isMono?: boolean;
  isDisabled?: boolean;
}

export function TextInput(props: TextInputProps) {
  const { id, value, placeholder, describedBy, isInvalid, isLong, isMono } = props;
  const { text, isTyping, isChanged, refusal, type, end, takeBack } = useTyping(props);
  const mayEdit = useMay("editor");
  const noteId = useId();
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>) => {
    const isEnd = event.key === "Enter" && (!isLong || event.ctrlKey || event.metaKey);
    if (isEnd) end();
    else if (event.key === "Escape") {
      // Where there is nothing to take back it closes the dialog at once.
      const { currentTarget } = event;
      if (!isTyping && currentTarget.closest("dialog")) return;
      takeBack(() => {
        currentTarget.blur();
      });
    } else return;
    event.preventDefault();
  };
  const shared = {
    id,
    className: `input ${isMono ? "mono" : ""}`,
    value: text,
    placeholder,
    disabled: props.isDisabled === true || !mayEdit,
    spellCheck: false,
    autoComplete: "off",
    "aria-describedby":
      [describedBy, isChanged || refusal !== undefined ? noteId : ""].filter(Boolean).join(" ") ||
      undefined,
    "aria-invalid": isInvalid === true || refusal !== undefined,
    onBlur: end,
    onKeyDown,
    onChange: (event: { target: { value: string } }) => {
      type(event.target.value);
    },
  };
  return (
    <>
      {isLong ? (
        <textarea {...shared} rows={Math.min(10, Math.max(2, text.split("\n").length))} />
      ) : (
        <input {...shared} />
      )}
      {refusal === undefined ? null : <RefusedNote id={noteId} why={refusal} />}
      {isChanged ? (
        <ChangedNote {...(refusal === undefined ? { id: noteId } : {})} theirs={value} />
      ) : null}
    </>
  );
}

interface SelectProps {
  id: string;
  value: string;
  /** What is there, of which `value` is what can be chosen. */
  stored: Json | undefined;
  /** `seen` is what was there when the list was opened. */
  onChoose: (value: string, seen: Seen) => void;
  describedBy?: string | undefined;
  isInvalid?: boolean;
  children: ReactNode;
}

export function Select(props: SelectProps) {
  const { id, value, stored, onChoose, describedBy, isInvalid, children } = props;
  const mayEdit = useMay("editor");
  /** While the list is open the browser does not show what it is set to meanwhile. */
  const seen = useRef<Seen | undefined>(undefined);
  const open = () => {
    seen.current = { value: stored };
  };
  return (
    <select
      id={id}
      className="input"
      disabled={!mayEdit}
      aria-describedby={describedBy}
      aria-invalid={isInvalid}
      value={value}
      onPointerDown={(event) => {
        // Some browsers tell of it also when a line of the open list is taken.
        if (event.target === event.currentTarget) open();
      }}
      onKeyDown={open}
      onBlur={() => {
        seen.current = undefined;
      }}
      onChange={(event) => {
        onChoose(event.target.value, seen.current ?? { value: stored });
        seen.current = undefined;
      }}
    >
      {children}
    </select>
  );
}
