/** The services of a group: what each is set to, what it is doing, and who uses it. */
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { ChevronDown, ChevronRight, Plus } from "lucide-react";
import type { ServiceState } from "../api/types";
import { Button } from "../components/Button";
import { Fault } from "../components/Fault";
import { Findings, StateMember, TextMember } from "../components/Fields";
import { Edit } from "../graph/changes";
import { pathOf } from "../graph/edits";
import { asFlow, join, split, type ServiceTree } from "../graph/tree";
import { usesOfService } from "../graph/uses";
import { t, type MessageKey } from "../messages";
import { useCatalog, useServiceTypes } from "../state/catalog";
import { useDraft } from "../state/draft";
import { useLive } from "../state/live";
import { useOwnFindings, type Owner } from "../state/members";
import { commit } from "../state/openFlow";
import { useUi } from "../state/ui";
import { PropertiesTab } from "./PropertiesTab";
import { addService } from "./services";
import { RemoveUsed, countOf, UseList } from "./Uses";

const STATES: Record<ServiceState, { word: MessageKey; tone: string }> = {
  stopped: { word: "serviceStopped", tone: "" },
  enabling: { word: "serviceEnabling", tone: "accent" },
  enableFailed: { word: "serviceEnableFailed", tone: "bad" },
  enabled: { word: "serviceEnabled", tone: "good" },
  disabling: { word: "serviceDisabling", tone: "accent" },
  disabled: { word: "serviceDisabled", tone: "warn" },
};

export function ServiceList({
  path,
  services,
}: {
  path: string;
  services: Record<string, ServiceTree>;
}) {
  const types = useServiceTypes();
  const asked = useUi((state) => state.service);
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (asked === undefined) return;
    const all = [...(section.current?.querySelectorAll<HTMLElement>("[data-service]") ?? [])];
    const found =
      asked === "" ? section.current : all.find((each) => each.dataset.service === asked);
    if (!found) return;
    found.scrollIntoView({ block: "start" });
    found.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
    useUi.setState({ service: undefined });
  }, [asked, services, types]);
  return (
    <section className="form-part" ref={section}>
      <h3>{t("services")}</h3>
      {Object.keys(services).length === 0 ? <p className="muted">{t("noServices")}</p> : null}
      {Object.entries(services).map(([name, service]) => (
        <Service key={name} owner={{ group: path, kind: "service", name }} service={service} />
      ))}
      {types.length > 0 ? (
        <div className="service-add">
          {types.map((type) => (
            <Button
              key={type.type}
              isSmall
              title={type.summary}
              onClick={() => {
                addService(path, type.type);
              }}
            >
              <Plus size={13} aria-hidden /> {type.type}
            </Button>
          ))}
        </div>
      ) : null}
    </section>
  );
}

function Service({ owner, service }: { owner: Owner; service: ServiceTree }) {
  const [isOpen, setOpen] = useState(() => useUi.getState().service === owner.name);
  const findings = useOwnFindings(owner);
  const types = useServiceTypes();
  const type = types.find((each) => each.type === service.type);
  const uses = useUses(owner);
  const path = join(owner.group, owner.name);
  const failureId = useId();
  const live = useLive((state) => state.services.find((each) => each.path === path));
  const Icon = isOpen ? ChevronDown : ChevronRight;
  const remove = () => {
    const edit = new Edit(useDraft.getState().documents);
    edit.set("flow", pathOf(owner.group, "service", owner.name), undefined);
    void commit(t("labelRemove", { name: owner.name }), edit.changes);
  };
  return (
    <div className="service" data-service={owner.name}>
      <div className="service-head">
        <button
          type="button"
          className="service-name"
          aria-expanded={isOpen}
          onClick={() => {
            setOpen(!isOpen);
          }}
        >
          <Icon size={14} aria-hidden />
          <span>{split(owner.name).name}</span>
          <small>{service.type}</small>
        </button>
        {live ? (
          <span className={`badge ${STATES[live.state].tone}`} data-state={live.state}>
            {t(STATES[live.state].word)}
          </span>
        ) : null}
        <span className="badge">{countOf(uses)}</span>
        <RemoveUsed name={owner.name} uses={uses} onRemove={remove} />
      </div>
      <Findings findings={findings} />
      {live?.enableFailure == null ? null : <Fault id={failureId}>{live.enableFailure}</Fault>}
      {isOpen ? (
        <>
          <TextMember owner={owner} member={["description"]} label={t("description")} />
          <StateMember owner={owner} />
          <section>
            <h4>{t("usedByWhom")}</h4>
            <UseList uses={uses} />
          </section>
          <PropertiesTab
            owner={owner}
            specs={type?.properties ?? []}
            dynamic={type?.dynamicProperties ?? null}
          />
        </>
      ) : null}
    </div>
  );
}

function useUses(owner: Owner) {
  const flow = useDraft((state) => state.documents.flow);
  const catalog = useCatalog();
  const services = useServiceTypes();
  return useMemo(() => {
    const specsOf = (type: string) =>
      catalog.get(type)?.properties ??
      services.find((each) => each.type === type)?.properties ??
      [];
    return usesOfService(asFlow(flow), owner.group, owner.name, specsOf);
  }, [flow, catalog, services, owner.group, owner.name]);
}
