/** A connection: what it carries, when it is full, what goes first. */
import { useEffect, useRef } from "react";
import { ArrowDown, ArrowUp, List, X } from "lucide-react";
import { Button, IconButton } from "../components/Button";
import { bytes, count, duration } from "../messages/format";
import { DEFAULTS, PRIORITIZERS, roomOf } from "../graph/connection";
import { endOf, join, type ConnectionTree } from "../graph/tree";
import { t } from "../messages";
import { connections, timeToFull, type ConnectionLive } from "../state/live";
import { openQueue } from "../state/navigate";
import { useUi } from "../state/ui";
import { WaitingPart } from "../queue/WaitingPart";
import { Field, Findings, NumberMember, TextMember } from "../components/Fields";
import { setMember, useOwnFindings, type Owner } from "../state/members";

export function ConnectionPanel({
  owner,
  connection,
}: {
  owner: Owner;
  connection: ConnectionTree;
}) {
  const findings = useOwnFindings(owner);
  const from = endOf(connection.from);
  const to = endOf(connection.to);
  const path = join(owner.group, owner.name);
  return (
    <div className="form panel-scroll">
      <Findings findings={findings} />
      <LiveFigures path={path} countMax={roomOf(connection).countMax} />
      <Button
        onClick={() => {
          openQueue(path);
        }}
      >
        <List size={15} aria-hidden /> {t("actQueue")}
      </Button>
      <WaitingPart path={path} />
      {connection.relationships ? (
        <section className="form-part">
          <h3>{t("carries")}</h3>
          <ul className="carried">
            {connection.relationships.map((name) => (
              <li key={name} className="badge accent">
                {name}
              </li>
            ))}
          </ul>
          <Button
            onClick={() => {
              useUi.setState({
                wirePick: {
                  from: { name: from.node, port: from.port },
                  to: { name: to.node, port: to.port },
                  existing: owner.name,
                },
              });
            }}
          >
            {t("changeRelationships")}
          </Button>
        </section>
      ) : null}
      <section className="form-part">
        <h3>{t("backPressure")}</h3>
        <NumberMember
          owner={owner}
          member={["backPressure", "count"]}
          label={t("countThreshold")}
          number="count"
          placeholder={String(DEFAULTS.count)}
        />
        <TextMember
          owner={owner}
          member={["backPressure", "size"]}
          label={t("sizeThreshold")}
          form="size"
          placeholder={DEFAULTS.size}
        />
      </section>
      <TextMember
        owner={owner}
        member={["expiration"]}
        label={t("expiration")}
        form="duration"
        placeholder={DEFAULTS.expiration}
      />
      <Prioritizers owner={owner} chosen={connection.prioritizers ?? []} />
    </div>
  );
}

function Prioritizers({ owner, chosen }: { owner: Owner; chosen: readonly string[] }) {
  const set = (after: string[]) => {
    setMember(owner, ["prioritizers"], after.length > 0 ? after : undefined);
  };
  const others = PRIORITIZERS.filter((name) => !chosen.includes(name));
  return (
    <section className="form-part">
      <h3>{t("prioritizers")}</h3>
      <ol className="prioritizers">
        {chosen.map((name, index) => (
          <li key={name}>
            <span>{name}</span>
            <IconButton
              label={t("earlier")}
              isQuiet
              isSmall
              disabled={index === 0}
              onClick={() => {
                set(moved(chosen, index, index - 1));
              }}
            >
              <ArrowUp size={13} />
            </IconButton>
            <IconButton
              label={t("later")}
              isQuiet
              isSmall
              disabled={index === chosen.length - 1}
              onClick={() => {
                set(moved(chosen, index, index + 1));
              }}
            >
              <ArrowDown size={13} />
            </IconButton>
            <IconButton
              label={t("removeNamed", { name })}
              isQuiet
              isSmall
              onClick={() => {
                set(chosen.filter((each) => each !== name));
              }}
            >
              <X size={13} />
            </IconButton>
          </li>
        ))}
      </ol>
      {others.length > 0 ? (
        <Field label={t("addPrioritizer")}>
          {({ id }) => (
            <select
              id={id}
              className="input"
              value=""
              onChange={(event) => {
                set([...chosen, event.target.value]);
              }}
            >
              <option value="">{t("choose")}</option>
              {others.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      ) : null}
    </section>
  );
}

function moved(list: readonly string[], from: number, to: number): string[] {
  const after = [...list];
  const [each] = after.splice(from, 1);
  if (each !== undefined) after.splice(to, 0, each);
  return after;
}

const FIGURES = ["queued", "rates", "full"] as const;
const FIGURE_NAMES = { queued: "queued", rates: "ratesInOut", full: "timeToFull" } as const;

function LiveFigures({ path, countMax }: { path: string; countMax: number }) {
  const root = useRef<HTMLDListElement>(null);
  useEffect(() => {
    const write = (name: string, text: string) => {
      const element = root.current?.querySelector(`[data-figure="${name}"]`);
      if (element && element.textContent !== text) element.textContent = text;
    };
    return connections.watch(path, (live: ConnectionLive | undefined) => {
      if (!live) return;
      const { queued, queuedBytes } = live.status;
      const left = timeToFull(live, countMax);
      write("queued", `${count(queued)} · ${bytes(queuedBytes)}`);
      write("rates", `${live.inRate.toFixed(1)}/s · ${live.outRate.toFixed(1)}/s`);
      write("full", left === undefined ? "–" : duration(left));
    });
  }, [path, countMax]);
  return (
    <dl className="live-figures" ref={root}>
      {FIGURES.map((name) => (
        <div key={name}>
          <dt>{t(FIGURE_NAMES[name])}</dt>
          <dd data-figure={name}>–</dd>
        </div>
      ))}
    </dl>
  );
}
