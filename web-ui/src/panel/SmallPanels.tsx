/** The forms of ports and labels. */
import { t } from "../messages";
import { Findings, StateMember, TextMember } from "../components/Fields";
import { useOwnFindings, type Owner } from "../state/members";

export function PortPanel({ owner }: { owner: Owner }) {
  const findings = useOwnFindings(owner);
  return (
    <div className="form panel-scroll">
      <Findings findings={findings} />
      <TextMember owner={owner} member={["description"]} label={t("description")} isLong />
      <StateMember owner={owner} />
    </div>
  );
}

export function LabelPanel({ owner }: { owner: Owner }) {
  return (
    <div className="form panel-scroll">
      <TextMember owner={owner} member={["text"]} label={t("labelMarkdown")} isLong />
    </div>
  );
}
