/** All shortcuts, by what they are for. */
import { Modal } from "../components/Modal";
import { t } from "../messages";
import { allActions, shownKeys, type ActionGroup } from "../actions/registry";

const GROUPS: readonly ActionGroup[] = ["edit", "select", "view", "run", "go"];
const NAMES = {
  edit: "groupEdit",
  select: "groupSelect",
  view: "groupView",
  run: "groupRun",
  go: "groupGo",
} as const;
const CANVAS_KEYS = [
  { keys: ["←", "→", "↑", "↓"], label: "keyNeighbour" },
  { keys: ["Shift+←"], label: "keyPan" },
  { keys: ["Enter"], label: "keyEnter" },
  { keys: ["Shift"], label: "keyMarquee" },
  { keys: [t("keySpace")], label: "keyPlay" },
] as const;

export default function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal title={t("helpTitle")} onClose={onClose} size="wide">
      <div className="help">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{t(NAMES[group])}</h3>
            <dl>
              {allActions()
                .filter((action) => action.group === group && action.keys)
                .map((action) => (
                  <div key={action.id}>
                    <dt>{t(action.label)}</dt>
                    <dd>
                      {action.keys?.map((keys) => (
                        <kbd key={keys} className="key">
                          {shownKeys(keys)}
                        </kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>{t("groupCanvas")}</h3>
          <dl>
            {CANVAS_KEYS.map(({ keys, label }) => (
              <div key={label}>
                <dt>{t(label)}</dt>
                <dd>
                  {keys.map((key) => (
                    <kbd key={key} className="key">
                      {key}
                    </kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
      <p className="muted">{t("madeWith")}</p>
    </Modal>
  );
}
