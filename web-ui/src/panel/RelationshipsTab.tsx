/** Where what comes out of a processor goes: on, to its end, or back for another try. */
import { ArrowRight } from "lucide-react";
import { Markdown } from "../components/Markdown";
import type { ProcessorType } from "../api/types";
import { Edit } from "../graph/changes";
import { relationshipsOf } from "../graph/relationships";
import { asFlow, groupAt, type ProcessorTree } from "../graph/tree";
import { t } from "../messages";
import { useDraft } from "../state/draft";
import { commit } from "../state/openFlow";
import { reveal } from "../state/navigate";
import { Check, NumberMember, SelectMember, TextMember } from "../components/Fields";
import { pathIn, useMember, type Owner } from "../state/members";

interface Props {
  owner: Owner;
  processor: ProcessorTree;
  type: ProcessorType | undefined;
}

export function RelationshipsTab({ owner, processor, type }: Props) {
  const flow = useDraft((state) => state.documents.flow);
  const connections = groupAt(asFlow(flow), owner.group)?.connections ?? {};
  const relationships = relationshipsOf(processor, type);
  const hasRetry = useMember(owner, ["retry"]) !== undefined;
  const toggle = (member: readonly string[], name: string, isOn: boolean) => {
    const edit = new Edit(useDraft.getState().documents);
    const path = pathIn(owner, member);
    const before = edit.at("flow", path);
    const others = (Array.isArray(before) ? before : []).filter((each) => each !== name);
    const after = (isOn ? [...others, name] : others).sort();
    edit.set("flow", path, after.length > 0 ? after : undefined);
    const rest = edit.at("flow", pathIn(owner, ["retry"]));
    if (member[0] === "retry" && rest && Object.keys(rest).length === 0) {
      edit.set("flow", pathIn(owner, ["retry"]), undefined);
    }
    void commit(t("labelSet", { member: name, name: owner.name }), edit.changes);
  };
  return (
    <div className="form">
      {relationships.map(({ name, description }) => {
        const carrying = Object.entries(connections).filter(
          ([, each]) => each.from === owner.name && each.relationships?.includes(name),
        );
        return (
          <section key={name} className="relationship">
            <h3>{name}</h3>
            <Markdown text={description} />
            {carrying.map(([connection, { to }]) => (
              <button
                key={connection}
                type="button"
                className="relationship-way"
                onClick={() => {
                  reveal(owner.group, connection, true);
                }}
              >
                <ArrowRight size={13} aria-hidden /> {to}
              </button>
            ))}
            <div className="relationship-checks">
              <Check
                label={t("autoTerminate")}
                isDisabled={carrying.length > 0}
                isChecked={processor.autoTerminate?.includes(name) ?? false}
                onChange={(isOn) => {
                  toggle(["autoTerminate"], name, isOn);
                }}
              />
              <Check
                label={t("retry")}
                isChecked={processor.retry?.relationships?.includes(name) ?? false}
                onChange={(isOn) => {
                  toggle(["retry", "relationships"], name, isOn);
                }}
              />
            </div>
          </section>
        );
      })}
      {hasRetry ? (
        <section className="form-part">
          <h3>{t("retrySettings")}</h3>
          <NumberMember
            owner={owner}
            member={["retry", "attempts"]}
            label={t("retryAttempts")}
            number="attempts"
            placeholder="10"
          />
          <SelectMember
            owner={owner}
            member={["retry", "backoff"]}
            label={t("retryBackoff")}
            options={[
              { value: "penalize", label: t("backoffPenalize") },
              { value: "yield", label: t("backoffYield") },
            ]}
          />
          <TextMember
            owner={owner}
            member={["retry", "maximum"]}
            label={t("retryMaximum")}
            form="duration"
            placeholder="10 mins"
          />
        </section>
      ) : null}
    </div>
  );
}
