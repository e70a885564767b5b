/** All properties of a processor or service: those of its type, and those that a person names. */
import { useState } from "react";
import { Trash2 } from "lucide-react";
import type { DynamicPropertySpec, PropertySpec } from "../api/types";
import { IconButton } from "../components/Button";
import { Markdown } from "../components/Markdown";
import { isRelevant } from "../graph/relationships";
import { t } from "../messages";
import { AddNamed } from "./AddNamed";
import { ExpressionButton } from "./ExpressionButton";
import { Check, Field } from "../components/Fields";
import { TextInput } from "../components/Inputs";
import { PropertyField } from "./PropertyField";
import { setMember, useMember, useMemberFindings, type Owner } from "../state/members";

interface Props {
  owner: Owner;
  specs: readonly PropertySpec[];
  dynamic: DynamicPropertySpec | null;
}

export function PropertiesTab({ owner, specs, dynamic }: Props) {
  const [isAll, setAll] = useState(false);
  const value = useMember(owner, ["properties"]);
  const properties = (value ?? {}) as Record<string, string>;
  const declared = new Set(specs.map((spec) => spec.name));
  const named = Object.keys(properties).filter((name) => !declared.has(name));
  const shown = specs.filter(
    (spec) => isAll || spec.name in properties || isRelevant(spec, properties, specs),
  );
  const hidden = specs.length - shown.length;
  return (
    <div className="form">
      {shown.map((spec) => (
        <PropertyField key={spec.name} owner={owner} spec={spec} />
      ))}
      {specs.length === 0 && !dynamic ? <p className="muted">{t("noProperties")}</p> : null}
      {hidden > 0 || isAll ? (
        <Check label={t("showAllProperties")} isChecked={isAll} onChange={setAll} />
      ) : null}
      {dynamic || named.length > 0 ? (
        <section className="form-part">
          <h3>{dynamic ? t("namedProperties", { name: dynamic.name }) : t("unknownProperties")}</h3>
          {dynamic ? <Markdown text={dynamic.description} /> : null}
          {named.map((name) => (
            <NamedProperty
              key={name}
              owner={owner}
              name={name}
              hasExpressions={dynamic?.expressions === "flowfile"}
            />
          ))}
          {dynamic ? (
            <AddNamed
              label={t("newProperty")}
              taken={[...declared, ...named]}
              onAdd={(name) => {
                setMember(owner, ["properties", name], "");
              }}
            />
          ) : null}
        </section>
      ) : null}
    </div>
  );
}

interface NamedProps {
  owner: Owner;
  name: string;
  hasExpressions: boolean;
}

function NamedProperty({ owner, name, hasExpressions }: NamedProps) {
  const member = ["properties", name];
  const value = useMember(owner, member);
  const findings = useMemberFindings(owner, member);
  return (
    <Field
      label={name}
      findings={findings}
      side={
        <span className="field-side">
          {hasExpressions ? (
            <ExpressionButton
              owner={owner}
              name={name}
              value={value}
              onSet={(after, seen) => {
                setMember(owner, member, after ?? "", seen);
              }}
            />
          ) : null}
          <IconButton
            label={t("removeNamed", { name })}
            isQuiet
            isSmall
            onClick={() => {
              setMember(owner, member, undefined);
            }}
          >
            <Trash2 size={13} />
          </IconButton>
        </span>
      }
    >
      {(ids) => (
        <TextInput
          {...ids}
          isMono
          value={value}
          onCommit={(after, seen) => {
            setMember(owner, member, after, seen);
          }}
        />
      )}
    </Field>
  );
}
