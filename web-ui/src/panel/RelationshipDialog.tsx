/** What a new wire carries, and between which ports it runs. */
import { own } from "../graph/tree";
import { useState } from "react";
import { ArrowRight } from "lucide-react";
import { Button } from "../components/Button";
import { Markdown } from "../components/Markdown";
import { Modal } from "../components/Modal";
import { likelyRelationship, looseRelationships, relationshipsOf } from "../graph/relationships";
import { t } from "../messages";
import { wire } from "../actions/build";
import { useCatalog } from "../state/catalog";
import type { WirePick } from "../state/pick";
import { shownGroup } from "../state/navigate";
import { useUi } from "../state/ui";
import { Check, Field } from "../components/Fields";

export default function RelationshipDialog({ pick }: { pick: WirePick }) {
  const catalog = useCatalog();
  const group = shownGroup();
  const processor = own(group?.processors, pick.from.name);
  const old = pick.existing === undefined ? undefined : own(group?.connections, pick.existing);
  const all = processor ? relationshipsOf(processor, catalog.get(processor.type)) : [];
  const loose = looseRelationships(group, pick.from.name, catalog);
  const [chosen, setChosen] = useState<readonly string[]>(() => {
    if (old?.relationships && old.from === pick.from.name) return old.relationships;
    const likely = likelyRelationship(group, pick.from.name, catalog);
    return likely === undefined ? [] : [likely];
  });
  const portsFrom = Object.keys(own(group?.groups, pick.from.name)?.outputPorts ?? {});
  const portsTo = Object.keys(own(group?.groups, pick.to.name)?.inputPorts ?? {});
  const [fromPort, setFromPort] = useState(pick.from.port ?? portsFrom[0]);
  const [toPort, setToPort] = useState(pick.to.port ?? portsTo[0]);
  const close = () => {
    useUi.setState({ wirePick: undefined });
  };
  const isReady = all.length === 0 || chosen.length > 0;
  const make = () => {
    if (!isReady) return;
    close();
    const from = { name: pick.from.name, port: fromPort };
    const to = { name: pick.to.name, port: toPort };
    void wire({ from, to, ...(pick.existing === undefined ? {} : { existing: pick.existing }) }, [
      ...chosen,
    ]);
  };
  return (
    <Modal
      title={old ? t("changeRelationships") : t("newConnection")}
      onClose={close}
      isOfCanvas
      foot={
        <>
          <Button onClick={close}>{t("cancel")}</Button>
          <Button tone="primary" type="submit" form="relationships" disabled={!isReady}>
            {old ? t("change") : t("connect")}
          </Button>
        </>
      }
    >
      <form
        id="relationships"
        onSubmit={(event) => {
          event.preventDefault();
          make();
        }}
      >
        <p className="wire-ends">
          <strong>{pick.from.name}</strong>
          <ArrowRight size={15} aria-label={t("to")} />
          <strong>{pick.to.name}</strong>
        </p>
        {portsFrom.length > 1 ? (
          <PortField
            label={t("fromPort")}
            ports={portsFrom}
            value={fromPort}
            onChange={setFromPort}
          />
        ) : null}
        {portsTo.length > 1 ? (
          <PortField label={t("toPort")} ports={portsTo} value={toPort} onChange={setToPort} />
        ) : null}
        {all.length > 0 ? (
          <fieldset className="relationship-list">
            <legend>{t("carries")}</legend>
            {all.map(({ name, description }) => (
              <div key={name} className="relationship-option">
                <Check
                  label={name}
                  isChecked={chosen.includes(name)}
                  onChange={(isOn) => {
                    setChosen(isOn ? [...chosen, name] : chosen.filter((each) => each !== name));
                  }}
                />
                {loose.includes(name) ? <span className="badge">{t("notConnected")}</span> : null}
                <Markdown text={description} />
              </div>
            ))}
          </fieldset>
        ) : null}
      </form>
    </Modal>
  );
}

interface PortFieldProps {
  label: string;
  ports: string[];
  value: string | undefined;
  onChange: (port: string) => void;
}

function PortField({ label, ports, value, onChange }: PortFieldProps) {
  return (
    <Field label={label}>
      {({ id }) => (
        <select
          id={id}
          className="input"
          value={value}
          onChange={(event) => {
            onChange(event.target.value);
          }}
        >
          {ports.map((port) => (
            <option key={port} value={port}>
              {port}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
