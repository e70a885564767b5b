/** Says on a box who else has selected it. */
import { toneOf, usePeopleAt } from "../state/presence";
import { nameOf } from "../components/people";

export function PresentMark({ path }: { path: string }) {
  const people = usePeopleAt(path);
  const [first] = people;
  if (!first) return null;
  return (
    <span className={`present-mark person-${String(toneOf(first))}`} aria-hidden>
      <span>{people.map(nameOf).join(", ")}</span>
    </span>
  );
}
