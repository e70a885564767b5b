/** Earlier versions of a script: what differs from now, and the way back. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { History as HistoryIcon, Undo2 } from "lucide-react";
import { api, whyOf } from "../api/client";
import type { Operation } from "../api/types";
import { Button } from "../components/Button";
import { t } from "../messages";
import { moment } from "../messages/format";
import { useDraft } from "../state/draft";
import type { Owner } from "../state/members";
import { useRefusal } from "../state/user";
import { countOf, diff } from "./diff";
import { DiffView } from "./DiffView";
import { spotOf, versionsIn, type Version } from "./versions";

/** Operations that are asked for at a time, and how many of these pages at first. */
const PAGE = 200;
const PAGES = 5;

interface Props {
  flow: string;
  owner: Owner;
  property: string;
  /** The script as it is now, in the draft. */
  now: string;
  onBack: (version: Version) => void;
}

/** The operations of the last so many pages, in the order in which they were done. */
async function operationsOf(flow: string, revision: number, pages: number): Promise<Operation[]> {
  const found: Operation[] = [];
  let end = revision;
  for (let page = 0; page < pages && end > 0; page += 1) {
    const after = Math.max(0, end - PAGE);
    const { operations } = await api.operations(flow, after, end - after);
    const before = operations.filter((each) => each.revision <= end);
    if (before.length === 0) break;
    found.unshift(...before);
    end = after;
  }
  return found;
}

export function VersionsPart({ flow, owner, property, now, onBack }: Props) {
  const revision = useDraft((state) => state.revision);
  const [pages, setPages] = useState(PAGES);
  const [chosen, setChosen] = useState<number | undefined>();
  const { data, error } = useQuery({
    queryKey: ["script-versions", flow, revision, pages],
    queryFn: () => operationsOf(flow, revision, pages),
    staleTime: 0,
    gcTime: 0,
    retry: false,
    placeholderData: (last) => last,
  });
  const { group, kind, name } = owner;
  const { versions, before, spot } = useMemo(
    () => versionsIn(data ?? [], spotOf({ group, kind, name }, property)),
    [data, group, kind, name, property],
  );
  // What it was at first, as in the flow's file, no operation has made.
  const oldest = versions.at(-1);
  const first: Version[] =
    before === undefined || oldest === undefined
      ? []
      : [{ revision: oldest.revision - 1, author: "", timeMs: 0, label: "", text: before }];
  const all = [...versions, ...first];
  const hasMore = spot !== undefined && (data?.[0]?.revision ?? 0) > 1 && revision > pages * PAGE;
  const version = all.find((each) => each.revision === chosen);
  return (
    <div className="versions">
      {error ? <p className="problem-text">{whyOf(error)}</p> : null}
      <p className="muted">{t("versionsText")}</p>
      {data && versions.length === 0 ? (
        <div className="empty">
          <HistoryIcon size={20} aria-hidden />
          {t("versionsNone")}
        </div>
      ) : null}
      <ol className="version-list" aria-label={t("versions")}>
        {all.map((each, at) => (
          <li key={each.revision}>
            <button
              type="button"
              className="version"
              aria-pressed={each.revision === chosen}
              onClick={() => {
                setChosen(each.revision === chosen ? undefined : each.revision);
              }}
            >
              <span className="version-revision">{each.revision}</span>
              <span className="version-what">
                {each.author === "" ? t("versionFirst") : each.label}
                {each.author === "" ? null : (
                  <small>
                    {each.author} · {moment(each.timeMs)}
                  </small>
                )}
              </span>
              {each.text === now ? (
                <span className="badge good">{t("versionNow")}</span>
              ) : each.author === "" ? null : (
                <Counts before={all[at + 1]?.text ?? ""} after={each.text} />
              )}
            </button>
          </li>
        ))}
      </ol>
      {hasMore ? (
        <Button
          isSmall
          onClick={() => {
            setPages(pages + PAGES);
          }}
        >
          {t("versionsMore")}
        </Button>
      ) : null}
      {version ? (
        <Chosen version={version} now={now} onBack={onBack} />
      ) : versions.length > 0 ? (
        <p className="muted">{t("versionChoose")}</p>
      ) : null}
    </div>
  );
}

/** How much a version changed of the one before it. */
function Counts({ before, after }: { before: string; after: string }) {
  const { added, removed } = useMemo(() => countOf(diff(before, after)), [before, after]);
  return (
    <span className="version-counts">
      <ins>+{added}</ins> <del>−{removed}</del>
    </span>
  );
}

interface ChosenProps {
  version: Version;
  now: string;
  onBack: (version: Version) => void;
}

function Chosen({ version, now, onBack }: ChosenProps) {
  const { revision, author, text } = version;
  const refusal = useRefusal("editor");
  const lines = useMemo(() => diff(now, text), [now, text]);
  const label = t("versionDiff", { revision });
  const title = author === "" ? t("versionFirst") : t("versionOf", { revision, author });
  return (
    <section className="version-chosen" aria-label={title}>
      <div className="version-head">
        <h3>{title}</h3>
        <Button
          isSmall
          disabled={text === now || refusal !== undefined}
          title={refusal}
          onClick={() => {
            onBack(version);
          }}
        >
          <Undo2 size={13} aria-hidden /> {t("backTo")}
        </Button>
      </div>
      {text === now ? (
        <p className="muted">{t("versionSame")}</p>
      ) : (
        <>
          <p className="muted">{text === "" ? t("versionEmpty") : label}</p>
          <DiffView label={label} lines={lines} />
        </>
      )}
    </section>
  );
}
