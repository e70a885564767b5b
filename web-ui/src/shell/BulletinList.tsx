/** What the flow tells while it runs: equal messages once, with their count. */
import { CircleAlert, History, Info, Megaphone, TriangleAlert } from "lucide-react";
import { IconButton } from "../components/Button";
import { clock, moment } from "../messages/format";
import { split } from "../graph/tree";
import { t } from "../messages";
import { useLive } from "../state/live";
import { openProvenance, reveal } from "../state/navigate";

const ICONS = { debug: Info, info: Info, warning: TriangleAlert, error: CircleAlert };
const TONES = { debug: "", info: "", warning: "warn", error: "bad" };

export default function BulletinList() {
  const bulletins = useLive((state) => state.bulletins);
  if (bulletins.length === 0) {
    return (
      <div className="empty">
        <Megaphone size={20} aria-hidden />
        {t("noBulletins")}
      </div>
    );
  }
  return (
    <ul className="rows">
      {bulletins.map((each) => {
        const Icon = ICONS[each.level];
        return (
          <li
            className="bulletin"
            key={`${each.component}\n${each.message}\n${String(each.timeMs)}`}
          >
            <button
              type="button"
              className="row"
              onClick={() => {
                const { group, name } = split(each.component);
                reveal(group, name);
              }}
            >
              <Icon size={15} className={TONES[each.level]} aria-label={each.level} />
              <span className="row-where">{each.component}</span>
              <span className="row-text">
                {each.filename === null ? null : <strong>{each.filename}: </strong>}
                {each.message}
                {each.help === null ? null : <small>{each.help}</small>}
              </span>
              {each.count > 1 ? (
                <span className="badge">{t("times", { count: each.count })}</span>
              ) : null}
              <time
                className="row-side"
                title={
                  each.count > 1
                    ? t("firstTime", { first: moment(each.firstMs), last: moment(each.timeMs) })
                    : moment(each.timeMs)
                }
              >
                {clock(each.timeMs)}
                {each.count > 1 ? (
                  <small>{t("sinceTime", { first: moment(each.firstMs) })}</small>
                ) : null}
              </time>
            </button>
            {each.flowfile === null ? null : <Provenance uuid={each.flowfile} of={each.filename} />}
          </li>
        );
      })}
    </ul>
  );
}

/** Leads to what happened to the flowfile that a bulletin is about. */
function Provenance({ uuid, of }: { uuid: string; of: string | null }) {
  return (
    <IconButton
      label={t("provenanceOf", { name: of ?? uuid })}
      isQuiet
      isSmall
      onClick={() => {
        openProvenance({ uuid });
      }}
    >
      <History size={14} />
    </IconButton>
  );
}
