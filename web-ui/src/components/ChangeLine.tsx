/** What became of one thing: what it was called, and its members before and after. */
import type { Element, PlanChange } from "../api/types";
import { t, type MessageKey } from "../messages";

const CHANGES: Record<PlanChange["change"], { tone: string; name: MessageKey }> = {
  added: { tone: "good", name: "changeAdded" },
  removed: { tone: "bad", name: "changeRemoved" },
  changed: { tone: "accent", name: "changeChanged" },
  renamed: { tone: "accent", name: "changeRenamed" },
  moved: { tone: "accent", name: "changeMoved" },
};

const ELEMENTS: Record<Element["kind"], MessageKey> = {
  processor: "elementProcessor",
  service: "elementService",
  connection: "elementConnection",
  inputPort: "elementInputPort",
  outputPort: "elementOutputPort",
  funnel: "elementFunnel",
  label: "elementLabel",
  group: "elementGroup",
  parameterContext: "elementContext",
  parameter: "elementParameter",
  test: "elementTest",
};

/** The most characters of a value that are shown at once. */
const SHORT_MAX = 80;

export function ChangeLine({ change }: { change: PlanChange }) {
  const { element, was, members } = change;
  const { tone, name } = CHANGES[change.change];
  return (
    <li className="change-line">
      <span className={`badge ${tone}`}>{t(name)}</span>
      <div>
        <strong>{element?.path ?? t("flow")}</strong>
        {element ? <span className="muted"> {t(ELEMENTS[element.kind])}</span> : null}
        {was === null ? null : <div className="muted">{t("planWas", { name: was })}</div>}
        {members.map(({ member, before, after }) => (
          <div key={member} className="change-member">
            <span>{member.replace(/^properties\./, "")}</span>{" "}
            {before === null || before === "" ? null : (
              <del>
                <Value text={before} />
              </del>
            )}{" "}
            {after === null || after === "" ? null : (
              <ins>
                <Value text={after} />
              </ins>
            )}
          </div>
        ))}
      </div>
    </li>
  );
}

function Value({ text }: { text: string }) {
  if (text.length <= SHORT_MAX && !text.includes("\n")) return <>{text}</>;
  const [line = ""] = text.split("\n");
  return (
    <details className="change-long">
      <summary>{line.slice(0, SHORT_MAX)}…</summary>
      <div>{text}</div>
    </details>
  );
}
