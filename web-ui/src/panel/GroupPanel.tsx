/** A group, or the flow itself: what it is for, its parameters and services. */
import { useEffect, useMemo, useRef, useState } from "react";
import { ChevronDown, ChevronRight, Plus } from "lucide-react";
import { Button } from "../components/Button";
import { pathOf } from "../graph/edits";
import { Edit, type Seen } from "../graph/changes";
import { asFlow, groupAt, segmentsOf, split, type ServiceTree } from "../graph/tree";
import { t } from "../messages";
import { usesOfService } from "../graph/uses";
import { runAction } from "../actions/registry";
import { useCatalog, useServiceTypes } from "../state/catalog";
import { useDraft } from "../state/draft";
import { commit } from "../state/openFlow";
import { openGroup } from "../state/navigate";
import { useUi } from "../state/ui";
import { Field, Findings, StateMember, TextMember } from "../components/Fields";
import { Select, TextInput } from "../components/Inputs";
import { RemoveUsed, countOf, UseList } from "./Uses";
import { PropertiesTab } from "./PropertiesTab";
import { addService } from "./services";
import { useOwnFindings, type Owner } from "../state/members";

export function GroupPanel({ path }: { path: string }) {
  const flow = useDraft((state) => state.documents.flow);
  const shown = useUi((state) => state.group);
  const tree = asFlow(flow);
  const group = groupAt(tree, path);
  const contexts = Object.keys(tree.parameterContexts ?? {});
  const set = (member: string, value: string, seen: Seen) => {
    const edit = new Edit(useDraft.getState().documents);
    const after = value === "" ? undefined : value;
    edit.set("flow", [...segmentsOf(path), member], after, seen);
    void commit(t("labelSet", { member, name: path === "" ? t("flow") : path }), edit.changes);
  };
  return (
    <div className="form panel-scroll">
      {path !== shown ? (
        <Button
          tone="primary"
          onClick={() => {
            openGroup(path);
          }}
        >
          {t("openGroup")}
        </Button>
      ) : null}
      <Field label={t("description")}>
        {({ id }) => (
          <TextInput
            id={id}
            isLong
            value={group?.description}
            onCommit={(value, seen) => {
              set("description", value, seen);
            }}
          />
        )}
      </Field>
      <Field label={t("parameterContext")}>
        {({ id }) => (
          <Select
            id={id}
            value={group?.parameterContext ?? ""}
            stored={group?.parameterContext}
            onChoose={(value, seen) => {
              set("parameterContext", value, seen);
            }}
          >
            <option value="">{path === "" ? t("none") : t("asAround")}</option>
            {contexts.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Button
        onClick={() => {
          runAction("parameters");
        }}
      >
        {t("actParameters")}
      </Button>
      <Services path={path} services={group?.services ?? {}} />
    </div>
  );
}

function Services({ path, services }: { path: string; services: Record<string, ServiceTree> }) {
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
        <span className="badge">{countOf(uses)}</span>
        <RemoveUsed name={owner.name} uses={uses} onRemove={remove} />
      </div>
      <Findings findings={findings} />
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
