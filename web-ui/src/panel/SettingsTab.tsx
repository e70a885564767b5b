/** How a processor runs: when, how many at a time, and what it tells. */
import type { ProcessorType } from "../api/types";
import { Edit, type Seen } from "../graph/changes";
import { t } from "../messages";
import { useDraft } from "../state/draft";
import { commit } from "../state/openFlow";
import { Select } from "../components/Inputs";
import { Field, NumberMember, SelectMember, StateMember, TextMember } from "../components/Fields";
import { pathIn, useMember, type Owner } from "../state/members";
import { StatePart } from "./StatePart";

const LEVELS = ["warning", "debug", "info", "error", "none"];

export function SettingsTab({ owner, type }: { owner: Owner; type: ProcessorType | undefined }) {
  const stored = useMember(owner, ["schedule"]);
  const schedule = stored as { cron?: string } | undefined;
  const isCron = schedule?.cron !== undefined;
  const choose = (after: { cron: string } | undefined, seen: Seen) => {
    const edit = new Edit(useDraft.getState().documents);
    edit.set("flow", pathIn(owner, ["schedule"]), after, seen);
    void commit(t("labelSet", { member: t("schedule"), name: owner.name }), edit.changes);
  };
  return (
    <div className="form">
      <TextMember owner={owner} member={["description"]} label={t("description")} isLong />
      <StateMember owner={owner} />
      <section className="form-part">
        <h3>{t("schedule")}</h3>
        <Field label={t("strategy")}>
          {({ id }) => (
            <Select
              id={id}
              value={isCron ? "cron" : "timer"}
              stored={stored}
              onChoose={(strategy, seen) => {
                choose(strategy === "cron" ? { cron: "0 0 * * * *" } : undefined, seen);
              }}
            >
              <option value="timer">{t("timerDriven")}</option>
              <option value="cron">{t("cronDriven")}</option>
            </Select>
          )}
        </Field>
        {isCron ? (
          <>
            <TextMember
              owner={owner}
              member={["schedule", "cron"]}
              label={t("cron")}
              form="cron"
              placeholder={t("cronExample")}
            />
            <TextMember
              owner={owner}
              member={["schedule", "zone"]}
              label={t("zone")}
              form="zone"
              placeholder={t("zoneExample")}
            />
          </>
        ) : (
          <TextMember
            owner={owner}
            member={["schedule", "period"]}
            label={t("period")}
            form="duration"
            placeholder={type?.period ?? "0 sec"}
          />
        )}
        <NumberMember
          owner={owner}
          member={["concurrentTasks"]}
          label={t("concurrentTasks")}
          number="concurrentTasks"
          placeholder="1"
        />
      </section>
      <section className="form-part">
        <h3>{t("pauses")}</h3>
        <TextMember
          owner={owner}
          member={["penaltyDuration"]}
          label={t("penaltyDuration")}
          form="duration"
          placeholder="30 sec"
        />
        <TextMember
          owner={owner}
          member={["yieldDuration"]}
          label={t("yieldDuration")}
          form="duration"
          placeholder="1 sec"
        />
        <SelectMember
          owner={owner}
          member={["bulletinLevel"]}
          label={t("bulletinLevel")}
          options={LEVELS.map((value) => ({ value, label: value }))}
        />
      </section>
      <StatePart owner={owner} />
    </div>
  );
}
