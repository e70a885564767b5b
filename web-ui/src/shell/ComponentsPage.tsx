/** Every part that the product is drawn with, on one page: to look at in all themes. */
import { useState } from "react";
import { Check as CheckIcon, Play, Plus, Trash2 } from "lucide-react";
import { Button, IconButton } from "../components/Button";
import { KindIcon, TypeIcon } from "../components/TypeIcon";
import { Modal } from "../components/Modal";
import { FAMILIES } from "../graph/families";
import { t } from "../messages";
import { Check, Field } from "../components/Fields";
import { TextInput } from "../components/Inputs";
import { toast } from "../state/ui";
import { PlainPage } from "../components/PlainPage";

const COLOURS = [
  "canvas",
  "surface",
  "surface-2",
  "surface-3",
  "line",
  "line-strong",
  "text",
  "text-2",
  "text-3",
  "accent",
  "accent-soft",
  "good",
  "good-soft",
  "warn",
  "warn-soft",
  "bad",
  "bad-soft",
];
const SIZES = ["xs", "s", "m", "l", "xl", "xxl"];
const FAULT = {
  code: "T0105",
  severity: "error" as const,
  message: t("sampleFault"),
  help: t("sampleHelp"),
  place: { file: "", line: 1, column: 1, length: 1, path: "$" },
  element: null,
};

export default function ComponentsPage() {
  const [isOpen, setOpen] = useState(false);
  const [isOn, setOn] = useState(true);
  return (
    <PlainPage className="components">
      <h1>{t("components")}</h1>
      <section>
        <h2>{t("colours")}</h2>
        <ul className="swatches">
          {COLOURS.map((name) => (
            <li key={name}>
              <span className="swatch" style={{ background: `var(--${name})` }} />
              <code>{name}</code>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2>{t("type")}</h2>
        {SIZES.map((size) => (
          <p key={size} style={{ fontSize: `var(--text-${size})` }}>
            {t("sampleText")}
          </p>
        ))}
      </section>
      <section>
        <h2>{t("buttons")}</h2>
        <div className="sample-row">
          <Button tone="primary">
            <Play size={14} aria-hidden /> {t("start")}
          </Button>
          <Button>{t("cancel")}</Button>
          <Button tone="quiet">{t("close")}</Button>
          <Button tone="danger">
            <Trash2 size={14} aria-hidden /> {t("actRemove")}
          </Button>
          <Button disabled>{t("apply")}</Button>
          <IconButton label={t("add")}>
            <Plus size={16} />
          </IconButton>
          <span className="badge">{t("stopped")}</span>
          <span className="badge good">{t("running")}</span>
          <span className="badge warn">{t("waits")}</span>
          <span className="badge bad">{t("faulty")}</span>
          <span className="badge accent">{t("chosen")}</span>
          <kbd className="key">{t("sampleKey")}</kbd>
        </div>
      </section>
      <section>
        <h2>{t("fields")}</h2>
        <div className="form sample-form">
          <Field label={t("name")}>
            {(ids) => <TextInput {...ids} value={t("sampleText")} onCommit={() => undefined} />}
          </Field>
          <Field label={t("description")} findings={[FAULT]}>
            {(ids) => <TextInput {...ids} value="" onCommit={() => undefined} />}
          </Field>
          <Check label={t("autoTerminate")} isChecked={isOn} onChange={setOn} />
        </div>
      </section>
      <section>
        <h2>{t("icons")}</h2>
        <div className="sample-row">
          {FAMILIES.map((family) => (
            <TypeIcon key={family} family={family} />
          ))}
          {(["funnel", "inputPort", "outputPort", "group", "label", "connection"] as const).map(
            (kind) => (
              <KindIcon key={kind} kind={kind} />
            ),
          )}
        </div>
      </section>
      <section>
        <h2>{t("notices")}</h2>
        <div className="sample-row">
          {(["info", "success", "error"] as const).map((tone) => (
            <Button
              key={tone}
              onClick={() => {
                toast({ tone, title: t("sampleText") });
              }}
            >
              {tone}
            </Button>
          ))}
          <Button
            onClick={() => {
              setOpen(true);
            }}
          >
            {t("dialog")}
          </Button>
        </div>
      </section>
      {isOpen ? (
        <Modal
          title={t("dialog")}
          onClose={() => {
            setOpen(false);
          }}
          foot={
            <Button
              tone="primary"
              onClick={() => {
                setOpen(false);
              }}
            >
              <CheckIcon size={14} aria-hidden /> {t("close")}
            </Button>
          }
        >
          <p>{t("sampleText")}</p>
        </Modal>
      ) : null}
    </PlainPage>
  );
}
