/** The fields of forms. What is written counts when the field is left or Enter is pressed; Escape
 * takes it back. */
import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { CircleAlert, TriangleAlert } from "lucide-react";
import type { Finding, Json } from "../api/types";
import { t } from "../messages";
import { useMay } from "../state/user";
import { setMember, useMember, useMemberFindings, type Owner } from "../state/members";

export function Findings({ findings, id }: { findings: readonly Finding[]; id?: string }) {
  if (findings.length === 0) return null;
  return (
    <ul className="field-findings" id={id}>
      {findings.map((each) => {
        const isError = each.severity === "error";
        const Icon = isError ? CircleAlert : TriangleAlert;
        return (
          <li key={each.code + each.message} className={isError ? "bad" : "warn"}>
            <Icon size={14} aria-hidden />
            <span>
              {each.message}
              {each.help === null ? null : <small>{each.help}</small>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

interface FieldProps {
  label: string;
  children: (ids: { id: string; describedBy: string | undefined; isInvalid: boolean }) => ReactNode;
  findings?: readonly Finding[];
  hint?: ReactNode;
  side?: ReactNode;
}

export function Field({ label, children, findings = [], hint, side }: FieldProps) {
  const id = useId();
  const described = findings.length > 0 ? `${id}-findings` : undefined;
  return (
    <div className="field">
      <div className="field-head">
        <label htmlFor={id}>{label}</label>
        {side}
      </div>
      {hint}
      {children({
        id,
        describedBy: described,
        isInvalid: findings.some((each) => each.severity === "error"),
      })}
      <Findings findings={findings} id={`${id}-findings`} />
    </div>
  );
}

interface TextInputProps {
  id: string;
  value: string;
  onCommit: (value: string) => void;
  placeholder?: string | undefined;
  describedBy?: string | undefined;
  isInvalid?: boolean;
  isLong?: boolean;
  isMono?: boolean;
  isDisabled?: boolean;
}

export function TextInput(props: TextInputProps) {
  const { id, value, onCommit, placeholder, describedBy, isInvalid, isLong, isMono } = props;
  const [typed, setTyped] = useState<string | undefined>();
  const mayEdit = useMay("editor");
  /** Leaving the field keeps what was typed, but not when it is left to take that back. */
  const isTakenBack = useRef(false);
  const end = () => {
    if (typed !== undefined && typed !== value && !isTakenBack.current) onCommit(typed);
    setTyped(undefined);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>) => {
    const isEnd = event.key === "Enter" && (!isLong || event.ctrlKey || event.metaKey);
    if (isEnd) end();
    else if (event.key === "Escape") {
      // Where there is nothing to take back it closes the dialog at once.
      if (typed === undefined && event.currentTarget.closest("dialog")) return;
      isTakenBack.current = true;
      event.currentTarget.blur();
      isTakenBack.current = false;
    } else return;
    event.preventDefault();
  };
  const shared = {
    id,
    className: `input ${isMono ? "mono" : ""}`,
    value: typed ?? value,
    placeholder,
    disabled: props.isDisabled === true || !mayEdit,
    spellCheck: false,
    autoComplete: "off",
    "aria-describedby": describedBy,
    "aria-invalid": isInvalid,
    onBlur: end,
    onKeyDown,
  };
  return isLong ? (
    <textarea
      {...shared}
      rows={Math.min(10, Math.max(2, (typed ?? value).split("\n").length))}
      onChange={(event) => {
        setTyped(event.target.value);
      }}
    />
  ) : (
    <input
      {...shared}
      onChange={(event) => {
        setTyped(event.target.value);
      }}
    />
  );
}

interface MemberProps {
  owner: Owner;
  member: readonly string[];
  label: string;
  placeholder?: string;
  hint?: ReactNode;
}

const textOf = (value: Json | undefined) =>
  value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);

export function TextMember({
  owner,
  member,
  label,
  placeholder,
  hint,
  isLong = false,
}: MemberProps & { isLong?: boolean }) {
  const value = useMember(owner, member);
  const findings = useMemberFindings(owner, member);
  return (
    <Field label={label} findings={findings} hint={hint}>
      {(ids) => (
        <TextInput
          {...ids}
          isLong={isLong}
          value={textOf(value)}
          placeholder={placeholder}
          onCommit={(text) => {
            setMember(owner, member, text === "" ? undefined : text);
          }}
        />
      )}
    </Field>
  );
}

/** A whole number; what is none is sent as it was written, and the server says what is wrong. */
export function NumberMember({ owner, member, label, placeholder, hint }: MemberProps) {
  const value = useMember(owner, member);
  const findings = useMemberFindings(owner, member);
  return (
    <Field label={label} findings={findings} hint={hint}>
      {(ids) => (
        <TextInput
          {...ids}
          value={textOf(value)}
          placeholder={placeholder}
          onCommit={(text) => {
            const isNumber = /^\d{1,9}$/.test(text.trim());
            const after = text.trim() === "" ? undefined : isNumber ? Number(text) : text;
            setMember(owner, member, after);
          }}
        />
      )}
    </Field>
  );
}

interface Option {
  value: string;
  label: string;
}

/** One of some values; the first stands for no member at all. */
export function SelectMember({
  owner,
  member,
  label,
  options,
  hint,
}: MemberProps & { options: readonly Option[] }) {
  const value = useMember(owner, member);
  const findings = useMemberFindings(owner, member);
  const first = options[0]?.value ?? "";
  const mayEdit = useMay("editor");
  return (
    <Field label={label} findings={findings} hint={hint}>
      {({ id, describedBy, isInvalid }) => (
        <select
          id={id}
          className="input"
          disabled={!mayEdit}
          aria-describedby={describedBy}
          aria-invalid={isInvalid}
          value={textOf(value) || first}
          onChange={(event) => {
            const chosen = event.target.value;
            setMember(owner, member, chosen === first ? undefined : chosen);
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Whether a thing takes part when the flow runs. */
export function StateMember({ owner }: { owner: Owner }) {
  return (
    <SelectMember
      owner={owner}
      member={["state"]}
      label={t("takesPart")}
      options={[
        { value: "enabled", label: t("stateEnabled") },
        { value: "disabled", label: t("stateDisabled") },
      ]}
    />
  );
}

interface CheckProps {
  label: string;
  isChecked: boolean;
  onChange: (isChecked: boolean) => void;
  isDisabled?: boolean;
}

export function Check({ label, isChecked, onChange, isDisabled = false }: CheckProps) {
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={isChecked}
        disabled={isDisabled}
        onChange={(event) => {
          onChange(event.target.checked);
        }}
      />
      <span>{label}</span>
    </label>
  );
}
