/** The fields of forms, each with what was found wrong with it. */
import { useId, type ReactNode } from "react";
import { CircleAlert, TriangleAlert } from "lucide-react";
import type { Finding } from "../api/types";
import { hasForm, NUMBERS, type Form } from "../graph/forms";
import { t } from "../messages";
import { count } from "../messages/format";
import { setMember, useMember, useMemberFindings, type Owner } from "../state/members";
import { Select, TextInput } from "./Inputs";
import { textOf } from "./useTyping";

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

const RULES = {
  duration: "formDuration",
  size: "formSize",
  cron: "formCron",
  zone: "formZone",
} as const;

/** Why a text cannot be taken for what has that form; one that is empty takes the member away. */
const wrongFor = (form: Form | undefined) => (text: string) => {
  if (!form || text.trim() === "" || hasForm(form, text)) return undefined;
  if (form.is === "number") return t("formNumber", { min: count(form.min), max: count(form.max) });
  return t(RULES[form.is]);
};

interface MemberProps {
  owner: Owner;
  member: readonly string[];
  label: string;
  placeholder?: string;
  hint?: ReactNode;
}

export function TextMember({
  owner,
  member,
  label,
  placeholder,
  hint,
  isLong = false,
  form,
}: MemberProps & { isLong?: boolean; form?: Exclude<Form["is"], "number"> }) {
  const value = useMember(owner, member);
  const findings = useMemberFindings(owner, member);
  return (
    <Field label={label} findings={findings} hint={hint}>
      {(ids) => (
        <TextInput
          {...ids}
          isLong={isLong}
          value={value}
          placeholder={placeholder}
          wrong={wrongFor(form && { is: form })}
          onCommit={(text, seen, told) => {
            // Spaces alone are nothing where a form is asked for.
            const isNothing = (form ? text.trim() : text) === "";
            setMember(owner, member, isNothing ? undefined : text, seen, told);
          }}
        />
      )}
    </Field>
  );
}

/** A whole number within the bounds of `number`. */
export function NumberMember({
  owner,
  member,
  label,
  placeholder,
  hint,
  number,
}: MemberProps & { number: keyof typeof NUMBERS }) {
  const value = useMember(owner, member);
  const findings = useMemberFindings(owner, member);
  return (
    <Field label={label} findings={findings} hint={hint}>
      {(ids) => (
        <TextInput
          {...ids}
          value={value}
          placeholder={placeholder}
          wrong={wrongFor(NUMBERS[number])}
          onCommit={(text, seen, told) => {
            const after = text.trim() === "" ? undefined : Number(text);
            setMember(owner, member, after, seen, told);
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
  return (
    <Field label={label} findings={findings} hint={hint}>
      {(ids) => (
        <Select
          {...ids}
          value={textOf(value) || first}
          stored={value}
          onChoose={(chosen, seen) => {
            setMember(owner, member, chosen === first ? undefined : chosen, seen);
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </Select>
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
