/** All shortcuts, by what they are for; each can be another. */
import { useState, type KeyboardEvent } from "react";
import { Pencil, RotateCcw } from "lucide-react";
import { Button, IconButton } from "../components/Button";
import { Modal } from "../components/Modal";
import { t } from "../messages";
import {
  allActions,
  keysFor,
  keysOf,
  ownerOf,
  refusalOfKeys,
  shownKeys,
  type Action,
  type ActionGroup,
} from "../actions/registry";
import { changeKeys, resetKeys, useKeys } from "../state/keys";

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
  { keys: ["Alt"], label: "keyFree" },
  { keys: [t("keySpace")], label: "keyPlay" },
] as const;

export default function HelpDialog({ onClose }: { onClose: () => void }) {
  const changed = useKeys((state) => state.changed);
  const [editing, setEditing] = useState<string | undefined>();
  return (
    <Modal
      title={t("helpTitle")}
      onClose={onClose}
      size="wide"
      foot={
        <>
          <span className="muted help-made">{t("madeWith")}</span>
          <Button
            disabled={Object.keys(changed).length === 0}
            onClick={() => {
              resetKeys();
              setEditing(undefined);
            }}
          >
            {t("keysResetAll")}
          </Button>
        </>
      }
    >
      <div className="help">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{t(NAMES[group])}</h3>
            <dl>
              {allActions()
                .filter((action) => action.group === group)
                .map((action) => (
                  <Row
                    key={action.id}
                    action={action}
                    isChanged={action.id in changed}
                    isEditing={editing === action.id}
                    onEdit={setEditing}
                  />
                ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>{t("groupCanvas")}</h3>
          <dl>
            {CANVAS_KEYS.map(({ keys, label }) => (
              <div key={label} className="help-row">
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
    </Modal>
  );
}

interface RowProps {
  action: Action;
  isChanged: boolean;
  isEditing: boolean;
  onEdit: (id: string | undefined) => void;
}

function Row({ action, isChanged, isEditing, onEdit }: RowProps) {
  const name = t(action.label);
  return (
    <div className={isEditing ? "help-row editing" : "help-row"}>
      <dt>{name}</dt>
      <dd>
        {keysFor(action).map((keys) => (
          <kbd key={keys} className={isChanged ? "key changed" : "key"}>
            {shownKeys(keys)}
          </kbd>
        ))}
        {isChanged ? (
          <IconButton
            label={t("keysReset", { name })}
            isQuiet
            isSmall
            onClick={() => {
              resetKeys(action.id);
            }}
          >
            <RotateCcw size={12} />
          </IconButton>
        ) : null}
        <IconButton
          label={t("keysChange", { name })}
          className="help-change"
          aria-expanded={isEditing}
          isQuiet
          isSmall
          onClick={() => {
            onEdit(isEditing ? undefined : action.id);
          }}
        >
          <Pencil size={12} />
        </IconButton>
      </dd>
      {isEditing ? (
        <KeyField
          action={action}
          onDone={() => {
            onEdit(undefined);
          }}
        />
      ) : null}
    </div>
  );
}

/** Takes the keys that are pressed next, and says whose they are. */
function KeyField({ action, onDone }: { action: Action; onDone: () => void }) {
  const [wanted, setWanted] = useState<string | undefined>();
  const owner = wanted === undefined ? undefined : ownerOf(wanted, action.id);
  const refusal = wanted === undefined ? undefined : refusalOfKeys(wanted);
  const take = (keys: string, from?: Action) => {
    const left = from && { [from.id]: keysFor(from).filter((each) => each !== keys) };
    changeKeys({ ...left, [action.id]: [keys] });
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { key } = event;
    if (key === "Tab" || ["Shift", "Control", "Alt", "Meta", "AltGraph"].includes(key)) return;
    event.preventDefault();
    if (key === "Escape") {
      onDone();
      return;
    }
    const keys = keysOf(event.nativeEvent);
    setWanted(keys);
    if (refusalOfKeys(keys) === undefined && !ownerOf(keys, action.id)) take(keys);
  };
  const said =
    refusal !== undefined
      ? t(refusal, { keys: shownKeys(wanted ?? "") })
      : owner
        ? t("keysTaken", { keys: shownKeys(wanted ?? ""), name: t(owner.label) })
        : undefined;
  return (
    <dd className="help-keys">
      <input
        className="input"
        readOnly
        autoFocus
        aria-label={t("keysNew", { name: t(action.label) })}
        aria-describedby="help-keys-said"
        aria-invalid={said !== undefined}
        value={wanted === undefined ? "" : shownKeys(wanted)}
        placeholder={t("keysPress")}
        onKeyDown={onKeyDown}
      />
      {keysFor(action).length > 0 ? (
        <Button
          isSmall
          onClick={() => {
            changeKeys({ [action.id]: [] });
            onDone();
          }}
        >
          {t("keysNone")}
        </Button>
      ) : null}
      <p id="help-keys-said" className="problem-text" role="alert">
        {said}
      </p>
      {owner && refusal === undefined && wanted !== undefined ? (
        <Button
          isSmall
          tone="primary"
          onClick={() => {
            take(wanted, owner);
          }}
        >
          {t("keysTake")}
        </Button>
      ) : null}
    </dd>
  );
}
