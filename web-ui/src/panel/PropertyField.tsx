/** The field of one property, made from what its type says of it. */
import { useState } from "react";
import { CircleHelp, Hash, KeyRound, RotateCcw } from "lucide-react";
import * as Menu from "@radix-ui/react-dropdown-menu";
import type { Json, PropertyKind, PropertySpec } from "../api/types";
import type { Seen } from "../graph/changes";
import { IconButton } from "../components/Button";
import { Hint } from "../components/Hint";
import { Markdown } from "../components/Markdown";
import { parametersIn, reference, servicesOf } from "../graph/scope";
import { asFlow } from "../graph/tree";
import { t } from "../messages";
import { useServiceTypes } from "../state/catalog";
import { useDraft } from "../state/draft";
import { ExpressionButton } from "./ExpressionButton";
import { Field } from "../components/Fields";
import { Select, TextInput } from "../components/Inputs";
import { ScriptControl } from "./ScriptControl";
import { addServiceFor } from "./services";
import { setMember, useMember, useMemberFindings, type Owner } from "../state/members";

interface Props {
  owner: Owner;
  spec: PropertySpec;
}

export function PropertyField({ owner, spec }: Props) {
  const member = ["properties", spec.name];
  const value = useMember(owner, member);
  const findings = useMemberFindings(owner, member);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const text = typeof value === "string" ? value : undefined;
  const set = (after: string | undefined, seen?: Seen) => {
    setMember(owner, member, after, seen);
  };
  return (
    <Field
      label={spec.name}
      findings={findings}
      side={
        <span className="field-side">
          {spec.required ? <span className="field-required">{t("required")}</span> : null}
          {spec.sensitive ? (
            <Hint text={t("sensitiveHint")}>
              <span className="field-mark" tabIndex={-1}>
                <KeyRound size={13} aria-label={t("sensitive")} />
              </span>
            </Hint>
          ) : null}
          {spec.expressions === "flowfile" ? (
            <ExpressionButton owner={owner} name={spec.name} value={value} onSet={set} />
          ) : null}
          {text !== undefined ? (
            <IconButton
              label={t("resetTo", { value: spec.default ?? t("nothing") })}
              isQuiet
              isSmall
              onClick={() => {
                set(undefined);
              }}
            >
              <RotateCcw size={13} />
            </IconButton>
          ) : null}
          <ParameterMenu owner={owner} isSensitive={spec.sensitive} onPick={set} />
          <IconButton
            label={t("about", { name: spec.name })}
            isQuiet
            isSmall
            aria-expanded={isHelpOpen}
            onClick={() => {
              setHelpOpen(!isHelpOpen);
            }}
          >
            <CircleHelp size={14} />
          </IconButton>
        </span>
      }
      hint={
        isHelpOpen ? (
          <div className="field-help">
            <Markdown text={spec.description} />
            <p>
              {kindText(spec.kind)}
              {spec.default === null ? null : ` ${t("defaultIs", { value: spec.default })}`}
              {spec.example === null ? null : ` ${t("exampleIs", { value: spec.example })}`}
            </p>
          </div>
        ) : null
      }
    >
      {(ids) => {
        const control = <Control {...ids} owner={owner} spec={spec} value={value} onSet={set} />;
        return typeof spec.script === "string" && owner.kind === "processor" ? (
          <ScriptControl
            id={ids.id}
            owner={owner}
            spec={spec}
            findings={findings}
            plain={control}
          />
        ) : (
          control
        );
      }}
    </Field>
  );
}

/** Stands before the type of a service that is to be made; no name begins so. */
const NEW = "\nnew ";

interface ControlProps extends Props {
  id: string;
  describedBy: string | undefined;
  isInvalid: boolean;
  value: Json | undefined;
  onSet: (value: string | undefined, seen?: Seen) => void;
}

function Control({ owner, spec, value, onSet, ...ids }: ControlProps) {
  const text = typeof value === "string" ? value : undefined;
  const flow = useDraft((state) => state.documents.flow);
  const services = useServiceTypes();
  const options = optionsOf(spec, asFlow(flow), owner.group, services);
  const { kind } = spec;
  const makes =
    kind.type === "service" ? services.filter(({ offers }) => offers === kind.service) : [];
  const known = options?.some((option) => option.value === text) ?? false;
  if (options && (text === undefined || known)) {
    const unset = spec.default === null ? t("notSet") : t("defaultOption", { value: spec.default });
    return (
      <>
        <Select
          {...ids}
          value={text ?? ""}
          stored={value}
          onChoose={(after, seen) => {
            const made = makes.find(({ type }) => after === NEW + type);
            if (made) addServiceFor(owner, ["properties", spec.name], made.type, seen);
            else onSet(after === "" ? undefined : after, seen);
          }}
        >
          <option value="">{unset}</option>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.value}
            </option>
          ))}
          {makes.length > 0 ? (
            <optgroup label={t("makeService")}>
              {makes.map(({ type }) => (
                <option key={type} value={NEW + type}>
                  {t("newOf", { type })}
                </option>
              ))}
            </optgroup>
          ) : null}
        </Select>
        <ChoiceAbout spec={spec} value={text ?? spec.default ?? undefined} />
      </>
    );
  }
  const placeholder =
    spec.default ?? (spec.example === null ? undefined : t("such", { value: spec.example }));
  return (
    <TextInput
      {...ids}
      isMono
      isLong={(text ?? "").includes("\n") || (text ?? "").length > 60}
      value={value}
      placeholder={placeholder}
      onCommit={(after, seen) => {
        onSet(after === "" ? undefined : after, seen);
      }}
    />
  );
}

function optionsOf(
  spec: PropertySpec,
  flow: ReturnType<typeof asFlow>,
  group: string,
  services: ReturnType<typeof useServiceTypes>,
): { value: string }[] | undefined {
  switch (spec.kind.type) {
    case "choice":
      return spec.kind.choices;
    case "boolean":
      return [{ value: "true" }, { value: "false" }];
    case "service":
      return servicesOf(flow, group, spec.kind.service, services).map((value) => ({ value }));
    default:
      return undefined;
  }
}

function ChoiceAbout({ spec, value }: { spec: PropertySpec; value: string | undefined }) {
  if (spec.kind.type !== "choice") return null;
  const choice = spec.kind.choices.find((each) => each.value === value);
  return choice ? (
    <div className="field-about">
      <Markdown text={choice.description} />
    </div>
  ) : null;
}

function kindText(kind: PropertyKind): string {
  switch (kind.type) {
    case "integer":
      return t("kindInteger", { min: kind.min, max: kind.max });
    case "number":
      return t("kindNumber", { min: kind.min, max: kind.max });
    case "service":
      return t("kindService", { service: kind.service });
    case "choice":
      return t("kindChoice");
    default:
      return t(KINDS[kind.type]);
  }
}

const KINDS = {
  text: "kindText",
  boolean: "kindBoolean",
  duration: "kindDuration",
  dataSize: "kindDataSize",
  regularExpression: "kindRegularExpression",
  directory: "kindDirectory",
  url: "kindUrl",
} as const;

/** Puts a reference to a parameter in the place of the value. */
function ParameterMenu({
  owner,
  isSensitive,
  onPick,
}: {
  owner: Owner;
  isSensitive: boolean;
  onPick: (value: string) => void;
}) {
  const flow = useDraft((state) => state.documents.flow);
  const parameters = parametersIn(asFlow(flow), owner.group).filter(
    (each) => each.isSensitive === isSensitive,
  );
  if (parameters.length === 0) return null;
  return (
    <Menu.Root modal={false}>
      <Hint text={t("useParameter")}>
        <Menu.Trigger className="button icon quiet small" aria-label={t("useParameter")}>
          <Hash size={13} />
        </Menu.Trigger>
      </Hint>
      <Menu.Portal>
        <Menu.Content className="menu" align="end" collisionPadding={8}>
          <Menu.Label className="menu-label">{t("useParameter")}</Menu.Label>
          {parameters.map((each) => (
            <Menu.Item
              key={each.name}
              className="menu-item"
              title={each.description}
              onSelect={() => {
                onPick(reference(each.name));
              }}
            >
              <code>{reference(each.name)}</code>
            </Menu.Item>
          ))}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
