/** Relationships that lead nowhere, and their end. */
import type { Change } from "../api/types";
import { Edit, type Documents } from "./changes";
import { pathOf } from "./edits";
import { looseRelationships, type Catalog } from "./relationships";
import { asFlow, groupAt, own } from "./tree";

export interface Ended {
  name: string;
  relationship: string;
}

/** What auto-terminates all that leads nowhere from these processors of a group. */
export function endRelationships(
  documents: Documents,
  group: string,
  names: readonly string[],
  catalog: Catalog,
): { changes: Change[]; ended: Ended[] } {
  const edit = new Edit(documents);
  const tree = groupAt(asFlow(documents.flow), group);
  const ended = names.flatMap((name) => {
    const loose = looseRelationships(tree, name, catalog);
    if (loose.length > 0) {
      const path = [...pathOf(group, "processor", name), "autoTerminate"];
      const before = own(tree?.processors, name)?.autoTerminate ?? [];
      edit.set("flow", path, [...before, ...loose].sort());
    }
    return loose.map((relationship) => ({ name, relationship }));
  });
  return { changes: edit.changes, ended };
}
