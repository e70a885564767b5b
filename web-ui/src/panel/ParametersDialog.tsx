/** Parameter contexts of the flow: their parameters, and where these are used. */
import { useEffect, useRef } from "react";
import type { Json } from "../api/types";
import { Modal } from "../components/Modal";
import { Edit, type Seen } from "../graph/changes";
import { usesOf } from "../graph/uses";
import { asFlow, isParameterName, nameFault, type ContextTree } from "../graph/tree";
import { t } from "../messages";
import { useDraft } from "../state/draft";
import { commit } from "../state/openFlow";
import { useUi } from "../state/ui";
import { AddNamed } from "./AddNamed";
import { Field } from "../components/Fields";
import { TextInput } from "../components/Inputs";
import { SensitiveCheck } from "./SensitiveCheck";
import { RemoveUsed, countOf, UseList } from "./Uses";

function set(path: string[], value: Json | undefined, label: string, seen?: Seen): void {
  const edit = new Edit(useDraft.getState().documents);
  void commit(label, edit.set("flow", ["parameterContexts", ...path], value, seen).changes);
}

export default function ParametersDialog({ onClose }: { onClose: () => void }) {
  const flow = asFlow(useDraft((state) => state.documents.flow));
  const contexts = Object.entries(flow.parameterContexts ?? {});
  const list = useRef<HTMLDivElement>(null);
  // After the dialog has put the focus into its first field.
  useEffect(() => {
    const { parameter } = useUi.getState();
    const all = [...(list.current?.querySelectorAll<HTMLElement>("[data-parameter]") ?? [])];
    const found = all.find((each) => each.dataset.parameter === parameter);
    found?.scrollIntoView({ block: "center" });
    found?.querySelector<HTMLElement>("input:not(:disabled)")?.focus();
  }, []);
  return (
    <Modal title={t("parametersTitle")} onClose={onClose} size="wide">
      {contexts.length === 0 ? <p className="muted">{t("noContexts")}</p> : null}
      <div ref={list}>
        {contexts.map(([name, context]) => (
          <Context key={name} name={name} context={context} onClose={onClose} />
        ))}
      </div>
      <AddNamed
        label={t("newContext")}
        taken={contexts.map(([name]) => name)}
        wrong={(name) => {
          const fault = nameFault(name);
          return fault && t(fault);
        }}
        onAdd={(name) => {
          set([name], { parameters: {} }, t("labelAdd", { name }));
          // Who has made one goes on with what is in it.
          requestAnimationFrame(() => {
            const all = [...(list.current?.querySelectorAll<HTMLElement>("[data-context]") ?? [])];
            const made = all.find((each) => each.dataset.context === name);
            made?.querySelector<HTMLElement>(".add-named input")?.focus();
          });
        }}
      />
    </Modal>
  );
}

interface ContextProps {
  name: string;
  context: ContextTree;
  onClose: () => void;
}

function Context({ name, context, onClose }: ContextProps) {
  const flow = asFlow(useDraft((state) => state.documents.flow));
  const parameters = Object.entries(context.parameters ?? {});
  return (
    <section className="context" data-context={name}>
      <h3>
        {name}
        {context.inherits ? (
          <small>{t("inherits", { names: context.inherits.join(", ") })}</small>
        ) : null}
      </h3>
      {parameters.map(([parameter, each]) => {
        const path = [name, "parameters", parameter];
        const uses = usesOf(flow, parameter);
        return (
          <div key={parameter} className="parameter" data-parameter={`${name}:${parameter}`}>
            <Field
              label={parameter}
              side={
                <span className="field-side">
                  <RemoveUsed
                    name={parameter}
                    uses={uses}
                    onGo={onClose}
                    onRemove={() => {
                      set(path, undefined, t("labelRemove", { name: parameter }));
                    }}
                  />
                </span>
              }
            >
              {({ id }) => (
                <TextInput
                  id={id}
                  isMono
                  isDisabled={each.sensitive === true}
                  value={each.value}
                  placeholder={each.sensitive === true ? t("secretOutside") : t("valueOutside")}
                  onCommit={(value, seen) => {
                    const label = t("labelSet", { member: parameter, name });
                    set([...path, "value"], value === "" ? undefined : value, label, seen);
                  }}
                />
              )}
            </Field>
            <Field label={t("description")}>
              {({ id }) => (
                <TextInput
                  id={id}
                  value={each.description}
                  onCommit={(value, seen) => {
                    const label = t("labelSet", { member: parameter, name });
                    set([...path, "description"], value === "" ? undefined : value, label, seen);
                  }}
                />
              )}
            </Field>
            <details className="use-details">
              <summary>{countOf(uses)}</summary>
              <UseList uses={uses} onGo={onClose} />
            </details>
            <SensitiveCheck
              name={parameter}
              isSensitive={each.sensitive === true}
              hasValue={each.value !== undefined && each.value !== ""}
              onChange={(isOn) => {
                const { value: _, ...rest } = each;
                const after = isOn
                  ? { ...rest, sensitive: true }
                  : { description: each.description ?? "" };
                set(path, after, t("labelSet", { member: parameter, name }));
              }}
            />
          </div>
        );
      })}
      <AddNamed
        label={t("newParameter")}
        taken={parameters.map(([parameter]) => parameter)}
        wrong={(parameter) => (isParameterName(parameter) ? undefined : t("parameterNameRule"))}
        onAdd={(parameter) => {
          set([name, "parameters", parameter], {}, t("labelAdd", { name: parameter }));
        }}
      />
    </section>
  );
}
