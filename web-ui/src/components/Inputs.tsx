/** What is written or chosen in a field. A text counts when the field is left or Enter is pressed;
 * Escape takes it back. Nothing that somebody else has set meanwhile is overwritten unseen: with
 * the change goes what was there when it was begun. */
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Users } from "lucide-react";
import { saidOf } from "../api/problems";
import type { Json } from "../api/types";
import { isSame, type Seen } from "../graph/changes";
import { t } from "../messages";
import type { TellProblem } from "../state/sync";
import { useMay } from "../state/user";
import { Fault } from "./Fault";

export const textOf = (value: Json | undefined) =>
  value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);

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
function RefusedNote({ id, why }: { id: string; why: string }) {
  return (
    <Fault id={id}>
      {why}
      <small>{t("formRefused")}</small>
    </Fault>
  );
}

/** A text that is being written, or was and could not be taken. */
interface Typing {
  text: string;
  seen: Seen;
  /** What the server said of this very text. */
  refusal?: string;
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
  const { id, value, onCommit, placeholder, describedBy, isInvalid, isLong, isMono } = props;
  const [typing, setTyping] = useState<Typing | undefined>();
  /** Whether what is written was to be taken already; before that nobody is told what is wrong. */
  const [isTried, setTried] = useState(false);
  /** Leaving the field keeps what was typed, but not when it is left to take that back. */
  const isTakenBack = useRef(false);
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  const mayEdit = useMay("editor");
  const noteId = useId();
  const text = typing?.text ?? textOf(value);
  const isChanged =
    typing !== undefined && !isSame(typing.seen.value, value) && text !== textOf(value);
  const refusal =
    typing && isTried ? (props.wrong?.(typing.text) ?? typing.refusal) : typing?.refusal;
  const stop = () => {
    setTyping(undefined);
    setTried(false);
  };
  const end = () => {
    if (typing === undefined || isTakenBack.current) return;
    // Who wrote nothing but what was there has nothing to say against what is there now.
    if (text === textOf(value) || text === textOf(typing.seen.value)) stop();
    else if (props.wrong?.(text) !== undefined) setTried(true);
    else if (typing.refusal === undefined) {
      stop();
      onCommit(text, typing.seen, (problem) => {
        if (problem.code !== "notAFlow" || !isShown.current) return false;
        setTyping((now) => now ?? { ...typing, refusal: saidOf(problem) });
        return true;
      });
    }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>) => {
    const isEnd = event.key === "Enter" && (!isLong || event.ctrlKey || event.metaKey);
    if (isEnd) end();
    else if (event.key === "Escape") {
      // Where there is nothing to take back it closes the dialog at once.
      if (typing === undefined && event.currentTarget.closest("dialog")) return;
      stop();
      isTakenBack.current = true;
      event.currentTarget.blur();
      isTakenBack.current = false;
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
      setTyping({ text: event.target.value, seen: typing?.seen ?? { value } });
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
