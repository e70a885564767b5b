/** Everything of one processor. */
import type { MouseEvent } from "react";
import * as Tabs from "@radix-ui/react-tabs";
import { join, type ProcessorTree } from "../graph/tree";
import { t } from "../messages";
import { useCatalog } from "../state/catalog";
import { AboutTab } from "./AboutTab";
import { MetersPart } from "./MetersPart";
import { OwnFindings } from "./OwnFindings";
import { PropertiesTab } from "./PropertiesTab";
import { RelationshipsTab } from "./RelationshipsTab";
import { SettingsTab } from "./SettingsTab";
import { VerifyPart } from "./VerifyPart";
import { useOwnFindings, type Owner } from "../state/members";

export function ProcessorPanel({ owner, processor }: { owner: Owner; processor: ProcessorTree }) {
  const type = useCatalog().get(processor.type);
  const findings = useOwnFindings(owner);
  return (
    <Tabs.Root defaultValue="properties" className="panel-tabs">
      <Tabs.List className="tabs" aria-label={t("panelParts")} onMouseDownCapture={focusUnseen}>
        <Tabs.Trigger value="properties" className="tab">
          {t("tabProperties")}
        </Tabs.Trigger>
        <Tabs.Trigger value="settings" className="tab">
          {t("tabSettings")}
        </Tabs.Trigger>
        <Tabs.Trigger value="relationships" className="tab">
          {t("tabRelationships")}
        </Tabs.Trigger>
        <Tabs.Trigger value="about" className="tab">
          {t("tabAbout")}
        </Tabs.Trigger>
      </Tabs.List>
      <div className="panel-scroll">
        <OwnFindings findings={findings} />
        <Tabs.Content value="properties" tabIndex={-1}>
          <MetersPart path={join(owner.group, owner.name)} />
          <VerifyPart owner={owner} processor={processor} />
          <PropertiesTab
            owner={owner}
            specs={type?.properties ?? []}
            dynamic={type?.dynamicProperties ?? null}
          />
        </Tabs.Content>
        <Tabs.Content value="settings" tabIndex={-1}>
          <SettingsTab owner={owner} type={type} />
        </Tabs.Content>
        <Tabs.Content value="relationships" tabIndex={-1}>
          <RelationshipsTab owner={owner} processor={processor} type={type} />
        </Tabs.Content>
        <Tabs.Content value="about" tabIndex={-1}>
          {type ? <AboutTab type={type} /> : <p className="muted form">{t("unknownType")}</p>}
        </Tabs.Content>
      </div>
    </Tabs.Root>
  );
}

/** Radix focuses what is clicked by itself, which browsers take for a key and ring. */
function focusUnseen({ target }: MouseEvent<HTMLElement>): void {
  const tab = (target as Element).closest<HTMLElement>(".tab");
  tab?.focus({ preventScroll: true, focusVisible: false });
}
