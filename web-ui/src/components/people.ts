/** What people are called here. */
import type { Person } from "../api/types";
import { t } from "../messages";

/** As the server calls everybody while it has no users. */
const LOCAL = "local";

export function nameOf({ name }: Pick<Person, "name">): string {
  return name === "" || name === LOCAL ? t("presentSomebody") : name;
}

/** One or two letters for them. */
export function initialsOf(person: Pick<Person, "name">): string {
  const words = nameOf(person).split(/[\s._-]+/);
  const letters = words.map((word) => Array.from(word)[0] ?? "");
  return letters.slice(0, 2).join("").toUpperCase();
}
