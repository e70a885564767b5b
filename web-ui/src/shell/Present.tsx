/** Who else looks at this flow; a press on one of them shows what they look at. */
import { Hint } from "../components/Hint";
import { split } from "../graph/tree";
import { t } from "../messages";
import { initialsOf, nameOf } from "../components/people";
import type { Person } from "../api/types";
import { openGroup, reveal } from "../state/navigate";
import { toneOf, usePeopleIn } from "../state/presence";

/** More are a number. */
const SHOWN_MAX = 4;

function whatOf({ group, selected }: Person, flow: string): string {
  const [first] = selected;
  if (selected.length === 1 && first !== undefined) return first;
  const place = group === "" ? flow : group;
  return selected.length === 0 ? place : t("presentMany", { count: selected.length, place });
}

function follow({ group, selected }: Person): void {
  const [first] = selected;
  if (selected.length === 1 && first !== undefined) {
    // Connections' paths are names that hold more than slashes.
    if (first.includes(" -> ")) reveal(group, first, true);
    else reveal(group, split(first).name);
  } else openGroup(group);
}

export function Present({ flow }: { flow: string }) {
  const people = usePeopleIn(flow);
  if (people.length === 0) return null;
  const more = people.length - SHOWN_MAX;
  return (
    <ul className="present" aria-label={t("present")}>
      {people.slice(0, SHOWN_MAX).map((person) => {
        const text = t("presentAt", { name: nameOf(person), what: whatOf(person, flow) });
        return (
          <li key={`${person.id} ${person.name}`}>
            <Hint text={text}>
              <button
                type="button"
                className={`person person-${String(toneOf(person))}`}
                aria-label={text}
                onClick={() => {
                  follow(person);
                }}
              >
                {initialsOf(person)}
              </button>
            </Hint>
          </li>
        );
      })}
      {more > 0 ? <li className="muted">{t("presentMore", { count: more })}</li> : null}
    </ul>
  );
}
