/** Reads and writes single members of the draft, for forms. */
import type { Finding, Json } from "../api/types";
import { change, valueAt } from "../graph/changes";
import { ofMember } from "../graph/findings";
import { pathOf } from "../graph/edits";
import { join, type Kind } from "../graph/tree";
import { t } from "../messages";
import { useDraft } from "./draft";
import { commit } from "./openFlow";

/** What a form is about: a thing of a group. */
export interface Owner {
  group: string;
  kind: Kind;
  name: string;
}

export const pathIn = (owner: Owner, member: readonly string[]) => [
  ...pathOf(owner.group, owner.kind, owner.name),
  ...member,
];

export function useMember(owner: Owner, member: readonly string[]): Json | undefined {
  return useDraft((state) => valueAt(state.documents.flow, pathIn(owner, member)));
}

/** Sets a member, or takes it away. */
export function setMember(owner: Owner, member: readonly string[], value: Json | undefined): void {
  const { documents } = useDraft.getState();
  const label = t("labelSet", { member: member.at(-1) ?? "", name: owner.name });
  void commit(label, change(documents, "flow", pathIn(owner, member), value));
}

const NONE: Finding[] = [];

/** What the server found wrong with a member of a thing. */
export function useMemberFindings(owner: Owner, member: readonly string[]): Finding[] {
  const findings = useDraft((state) => state.findings);
  const located = findings.byPath.get(join(owner.group, owner.name));
  if (!located) return NONE;
  const own = located.filter((each) => each.kind === owner.kind && each.name === owner.name);
  return ofMember(own, member);
}

/** What is wrong with a thing, but not with one of its members that has a field of its own. */
export function useOwnFindings(owner: Owner): Finding[] {
  const findings = useDraft((state) => state.findings);
  const located = findings.byPath.get(join(owner.group, owner.name));
  if (!located) return NONE;
  return located
    .filter(
      ({ kind, name, member }) => kind === owner.kind && name === owner.name && !member.length,
    )
    .map((each) => each.finding);
}
