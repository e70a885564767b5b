/** What to look for in the log; an empty field asks for nothing. */
import { useState } from "react";
import { Search } from "lucide-react";
import { EVENT_TYPES, type ProvenanceSearch } from "../api/types";
import { Button } from "../components/Button";
import { fieldsOf, localTime, searchOf, SINCE, timeFaults, type SearchFields } from "./events";
import { asFlow, processorsOf } from "../graph/tree";
import { t } from "../messages";
import { Field } from "../components/Fields";
import { useDraft } from "../state/draft";
import { Fault } from "../components/Fault";

interface Props {
  search: ProvenanceSearch;
  onSearch: (search: ProvenanceSearch) => void;
}

export function SearchForm({ search, onSearch }: Props) {
  const [fields, setFields] = useState<SearchFields>(() => fieldsOf(search));
  /** Whether a search was asked for already: before that nobody is told what is wrong. */
  const [isTried, setTried] = useState(false);
  const flow = useDraft((state) => state.documents.flow);
  const paths = new Set([...processorsOf(asFlow(flow))].map(([path]) => path));
  // What is asked for may be gone from the draft.
  if (fields.component !== "") paths.add(fields.component);
  const set = (member: keyof SearchFields) => (event: { target: { value: string } }) => {
    setFields({ ...fields, [member]: event.target.value });
  };
  const faults = isTried ? timeFaults(fields) : {};
  const input = (member: "uuid" | "attribute" | "from" | "until", placeholder?: string) => {
    const fault = member === "from" || member === "until" ? faults[member] : undefined;
    return ({ id }: { id: string }) => (
      <>
        <input
          id={id}
          className="input"
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={fault !== undefined}
          aria-describedby={fault && `${id}-fault`}
          value={fields[member]}
          onChange={set(member)}
        />
        {fault ? <Fault id={`${id}-fault`}>{t(fault)}</Fault> : null}
      </>
    );
  };
  return (
    <form
      className="provenance-form"
      onSubmit={(event) => {
        event.preventDefault();
        const { from, until } = timeFaults(fields);
        const isRight = from === undefined && until === undefined;
        setTried(!isRight);
        if (isRight) onSearch(searchOf(fields));
      }}
    >
      <Field label={t("component")}>
        {({ id }) => (
          <select id={id} className="input" value={fields.component} onChange={set("component")}>
            <option value="">{t("anyComponent")}</option>
            {[...paths].sort().map((path) => (
              <option key={path}>{path}</option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t("eventType")}>
        {({ id }) => (
          <select id={id} className="input" value={fields.type} onChange={set("type")}>
            <option value="">{t("anyType")}</option>
            {EVENT_TYPES.map((type) => (
              <option key={type}>{type}</option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t("flowfileUuid")}>{input("uuid")}</Field>
      <Field label={t("attributeIs")}>{input("attribute", t("attributeExample"))}</Field>
      <Field label={t("fromTime")}>{input("from", t("timeExample"))}</Field>
      <Field label={t("untilTime")}>{input("until", t("timeExample"))}</Field>
      <div className="provenance-acts">
        {SINCE.map(({ label, of }) => (
          <Button
            key={label}
            isSmall
            onClick={() => {
              const from = localTime(of(Date.now()));
              setTried(false);
              setFields({ ...fields, from, until: "" });
              onSearch(searchOf({ ...fields, from, until: "" }));
            }}
          >
            {t(label)}
          </Button>
        ))}
        <span className="grow" />
        <Button tone="primary" type="submit">
          <Search size={14} aria-hidden /> {t("provenanceSearch")}
        </Button>
      </div>
    </form>
  );
}
