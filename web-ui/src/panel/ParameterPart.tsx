/** A parameter of a context: its value, what it is for, whether it is a secret, who uses it. */
import { Field } from "../components/Fields";
import { TextInput } from "../components/Inputs";
import { asFlow, type ContextTree } from "../graph/tree";
import { usesOf } from "../graph/uses";
import { t } from "../messages";
import { useDraft } from "../state/draft";
import { useParameterFindings } from "../state/members";
import { setContext } from "./setContext";
import { SensitiveCheck } from "./SensitiveCheck";
import { RemoveUsed, countOf, UseList } from "./Uses";

interface Props {
  context: string;
  name: string;
  parameter: NonNullable<ContextTree["parameters"]>[string];
  /** What is to be done before who uses it is shown. */
  onGo: () => void;
}

export function ParameterPart({ context, name, parameter, onGo }: Props) {
  const flow = asFlow(useDraft((state) => state.documents.flow));
  const path = [context, "parameters", name];
  const uses = usesOf(flow, name);
  const findings = useParameterFindings(context, name);
  return (
    <div className="parameter" data-parameter={`${context}:${name}`}>
      <Field
        label={name}
        findings={findings}
        side={
          <span className="field-side">
            <RemoveUsed
              name={name}
              uses={uses}
              onGo={onGo}
              onRemove={() => {
                setContext(path, undefined, t("labelRemove", { name }));
              }}
            />
          </span>
        }
      >
        {({ id }) => (
          <TextInput
            id={id}
            isMono
            isDisabled={parameter.sensitive === true}
            value={parameter.value}
            placeholder={parameter.sensitive === true ? t("secretOutside") : t("valueOutside")}
            onCommit={(value, seen) => {
              const label = t("labelSet", { member: name, name: context });
              setContext([...path, "value"], value === "" ? undefined : value, label, seen);
            }}
          />
        )}
      </Field>
      <Field label={t("description")}>
        {({ id }) => (
          <TextInput
            id={id}
            value={parameter.description}
            onCommit={(value, seen) => {
              const label = t("labelSet", { member: name, name: context });
              setContext([...path, "description"], value === "" ? undefined : value, label, seen);
            }}
          />
        )}
      </Field>
      <details className="use-details">
        <summary>{countOf(uses)}</summary>
        <UseList uses={uses} onGo={onGo} />
      </details>
      <SensitiveCheck
        name={name}
        isSensitive={parameter.sensitive === true}
        hasValue={parameter.value !== undefined && parameter.value !== ""}
        onChange={(isOn) => {
          const { value: _, ...rest } = parameter;
          const after = isOn
            ? { ...rest, sensitive: true }
            : { description: parameter.description ?? "" };
          setContext(path, after, t("labelSet", { member: name, name: context }));
        }}
      />
    </div>
  );
}
