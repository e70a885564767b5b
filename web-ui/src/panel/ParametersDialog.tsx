/** Parameter contexts of the flow: their parameters, and where these are used. */
import { useEffect, useRef } from "react";
import { Modal } from "../components/Modal";
import { asFlow, nameFault } from "../graph/tree";
import { t } from "../messages";
import { useDraft } from "../state/draft";
import { useUi } from "../state/ui";
import { AddNamed } from "./AddNamed";
import "../styles/parameters.css";
import { ContextPart } from "./ContextPart";
import { setContext } from "./setContext";

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
          <ContextPart key={name} name={name} context={context} onClose={onClose} />
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
          setContext([name], { parameters: {} }, t("labelAdd", { name }));
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
