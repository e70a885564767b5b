/** A parameter context: what it inherits, who has it, and its parameters. */
import { useRef } from "react";
import { ArrowUp, X } from "lucide-react";
import { IconButton } from "../components/Button";
import { Field, Findings } from "../components/Fields";
import { Select } from "../components/Inputs";
import type { Seen } from "../graph/changes";
import { inheritable } from "../graph/scope";
import { asFlow, isParameterName, type ContextTree } from "../graph/tree";
import { usesOfContext } from "../graph/uses";
import { t } from "../messages";
import { useDraft } from "../state/draft";
import { useContextFindings } from "../state/members";
import { useMay } from "../state/user";
import { AddNamed } from "./AddNamed";
import { ParameterPart } from "./ParameterPart";
import { setContext } from "./setContext";
import { RemoveUsed, countOf, UseList } from "./Uses";

interface Props {
  name: string;
  context: ContextTree;
  onClose: () => void;
}

export function ContextPart({ name, context, onClose }: Props) {
  const flow = asFlow(useDraft((state) => state.documents.flow));
  const parameters = Object.entries(context.parameters ?? {});
  const uses = usesOfContext(flow, name);
  return (
    <section className="context" data-context={name}>
      <div className="context-head">
        <h3>{name}</h3>
        <RemoveUsed
          name={name}
          uses={uses}
          onGo={onClose}
          onRemove={() => {
            setContext([name], undefined, t("labelRemove", { name }));
          }}
        />
      </div>
      <Findings findings={useContextFindings(name)} />
      <Inherited name={name} inherits={context.inherits ?? []} more={inheritable(flow, name)} />
      <details className="use-details">
        <summary>{countOf(uses)}</summary>
        <UseList uses={uses} onGo={onClose} />
      </details>
      {parameters.map(([parameter, each]) => (
        <ParameterPart
          key={parameter}
          context={name}
          name={parameter}
          parameter={each}
          onGo={onClose}
        />
      ))}
      <AddNamed
        label={t("newParameter")}
        taken={parameters.map(([parameter]) => parameter)}
        wrong={(parameter) => (isParameterName(parameter) ? undefined : t("parameterNameRule"))}
        onAdd={(parameter) => {
          setContext([name, "parameters", parameter], {}, t("labelAdd", { name: parameter }));
        }}
      />
    </section>
  );
}

interface InheritedProps {
  name: string;
  inherits: readonly string[];
  /** What could be inherited, too. */
  more: readonly string[];
}

/** What a context inherits, in order: of two that have a parameter the first counts. */
function Inherited({ name, inherits, more }: InheritedProps) {
  const mayEdit = useMay("editor");
  /** What was pressed may be gone: the keys stay where they were. */
  const part = useRef<HTMLDivElement>(null);
  if (inherits.length + more.length === 0) return null;
  const stored = inherits.length === 0 ? undefined : [...inherits];
  const set = (after: readonly string[], seen: Seen = { value: stored }) => {
    const label = t("labelSet", { member: t("inheritsFrom"), name });
    const value = after.length === 0 ? undefined : [...after];
    setContext([name, "inherits"], value, label, seen);
  };
  const setAndStay = (after: readonly string[]) => {
    set(after);
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) {
        part.current?.querySelector<HTMLElement>("button, select")?.focus();
      }
    });
  };
  const without = (gone: string) => inherits.filter((each) => each !== gone);
  return (
    <div className="inherited" ref={part}>
      {inherits.length === 0 ? null : (
        <ol aria-label={t("inheritsFrom")}>
          {inherits.map((each, index) => (
            <li key={each}>
              <span>{each}</span>
              {index === 0 ? null : (
                <IconButton
                  label={t("inheritEarlier", { name: each })}
                  isQuiet
                  isSmall
                  disabled={!mayEdit}
                  onClick={() => {
                    const after = without(each);
                    after.splice(index - 1, 0, each);
                    setAndStay(after);
                  }}
                >
                  <ArrowUp size={13} />
                </IconButton>
              )}
              <IconButton
                label={t("inheritNoMore", { name: each })}
                isQuiet
                isSmall
                disabled={!mayEdit}
                onClick={() => {
                  setAndStay(without(each));
                }}
              >
                <X size={13} />
              </IconButton>
            </li>
          ))}
        </ol>
      )}
      {more.length === 0 ? null : (
        <Field label={t("inheritFrom")}>
          {({ id }) => (
            <Select
              id={id}
              value=""
              stored={stored}
              onChoose={(chosen, seen) => {
                set([...inherits, chosen], seen);
              }}
            >
              <option value="">{t("inheritChoose")}</option>
              {more.map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
    </div>
  );
}
