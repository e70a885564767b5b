/** Reads and writes single members of the draft, for forms. */
import type { Finding, Json } from "../api/types";
import { change, valueAt, type Seen } from "../graph/changes";
import { ofMember, type Located } from "../graph/findings";
import { pathOf } from "../graph/edits";
import { join, type Kind } from "../graph/tree";
import { t } from "../messages";
import { useDraft } from "./draft";
import { commit } from "./openFlow";
import type { TellProblem } from "./sync";

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

/** Sets a member, or takes it away; `seen` is what it was when that was begun, if it was not now,
 * and `told` tells why the server did not take it. */
export function setMember(
  owner: Owner,
  member: readonly string[],
  value: Json | undefined,
  seen?: Seen,
  told?: TellProblem,
): void {
  const { documents } = useDraft.getState();
  const label = t("labelSet", { member: member.at(-1) ?? "", name: owner.name });
  void commit(label, change(documents, "flow", pathIn(owner, member), value, seen), told);
}

/** What the server found wrong with a thing; of a group not what is in it. */
function useLocated({ group, kind, name }: Owner): Located[] {
  const findings = useDraft((state) => state.findings);
  const located = findings.byPath.get(join(group, name)) ?? [];
  return located.filter((each) => each.kind === kind && each.name === name);
}

/** What is wrong with a member of a thing. */
export function useMemberFindings(owner: Owner, member: readonly string[]): Finding[] {
  return ofMember(useLocated(owner), member);
}

/** What is wrong with a parameter context, but not with one of its parameters. */
export function useContextFindings(context: string): Finding[] {
  return useOfContext(context)
    .filter(({ member }) => member[2] !== "parameters" || member.length < 4)
    .map(({ finding }) => finding);
}

/** What is wrong with a parameter of a context. */
export function useParameterFindings(context: string, parameter: string): Finding[] {
  return useOfContext(context)
    .filter(({ member }) => member[2] === "parameters" && member[3] === parameter)
    .map(({ finding }) => finding);
}

/** Contexts are things of no group: what is wrong with them is of the flow itself. */
function useOfContext(context: string): Located[] {
  const findings = useDraft((state) => state.findings);
  const ofFlow = findings.byPath.get("") ?? [];
  return ofFlow.filter(({ member }) => member[0] === "parameterContexts" && member[1] === context);
}

/** What is wrong with a thing, but not with one of its members that has a field of its own. */
export function useOwnFindings(owner: Owner): Finding[] {
  return useLocated(owner)
    .filter(({ member }) => member.length === 0)
    .map(({ finding }) => finding);
}
