/** What to look for in the log; an empty field asks for nothing. */
import { useState } from "react";
import { Search } from "lucide-react";
import { EVENT_TYPES, type ProvenanceSearch } from "../api/types";
import { Button } from "../components/Button";
import { fieldsOf, searchOf, type SearchFields } from "./events";
import { asFlow, processorsOf } from "../graph/tree";
import { t } from "../messages";
import { Field } from "../components/Fields";
import { useDraft } from "../state/draft";

interface Props {
  search: ProvenanceSearch;
  onSearch: (search: ProvenanceSearch) => void;
}

export function SearchForm({ search, onSearch }: Props) {
  const [fields, setFields] = useState<SearchFields>(() => fieldsOf(search));
  const flow = useDraft((state) => state.documents.flow);
  const paths = new Set([...processorsOf(asFlow(flow))].map(([path]) => path));
  // What is asked for may be gone from the draft.
  if (fields.component !== "") paths.add(fields.component);
  const set = (member: keyof SearchFields) => (event: { target: { value: string } }) => {
    setFields({ ...fields, [member]: event.target.value });
  };
  const input = (member: "uuid" | "attribute" | "from" | "until", placeholder?: string) => {
    const isTime = member === "from" || member === "until";
    return ({ id }: { id: string }) => (
      <input
        id={id}
        className="input"
        type={isTime ? "datetime-local" : "text"}
        step={isTime ? 1 : undefined}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        value={fields[member]}
        onChange={set(member)}
      />
    );
  };
  return (
    <form
      className="provenance-form"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(searchOf(fields));
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
      <Field label={t("fromTime")}>{input("from")}</Field>
      <Field label={t("untilTime")}>{input("until")}</Field>
      <Button tone="primary" type="submit">
        <Search size={14} aria-hidden /> {t("provenanceSearch")}
      </Button>
    </form>
  );
}
