/** What the properties of a group may refer to: parameters, and services of a kind. */
import type { ServiceType } from "../api/types";
import { groupAt, join, type FlowTree, type GroupTree, type ServiceTree, own } from "./tree";

/** The group and those around it, the nearest first, with their paths. */
function outwards(flow: FlowTree, group: string): { path: string; tree: GroupTree }[] {
  const found: { path: string; tree: GroupTree }[] = [];
  const names = group === "" ? [] : group.split("/");
  for (let depth = names.length; depth >= 0; depth -= 1) {
    const path = names.slice(0, depth).join("/");
    const tree = groupAt(flow, path);
    if (tree) found.push({ path, tree });
  }
  return found;
}

export interface ParameterInScope {
  name: string;
  context: string;
  description: string;
  isSensitive: boolean;
  value: string | undefined;
}

/** Parameters that `#{NAME}` finds in a group, by name: the context's own come first. */
export function parametersIn(flow: FlowTree, group: string): ParameterInScope[] {
  const context = outwards(flow, group).find(({ tree }) => tree.parameterContext !== undefined);
  const found = new Map<string, ParameterInScope>();
  const seen = new Set<string>();
  const visit = (name: string | undefined) => {
    const tree = name === undefined ? undefined : own(flow.parameterContexts, name);
    if (name === undefined || !tree || seen.has(name)) return;
    seen.add(name);
    for (const [parameter, each] of Object.entries(tree.parameters ?? {})) {
      if (found.has(parameter)) continue;
      found.set(parameter, {
        name: parameter,
        context: name,
        description: each.description ?? "",
        isSensitive: each.sensitive === true,
        value: each.value,
      });
    }
    for (const inner of tree.inherits ?? []) visit(inner);
  };
  visit(context?.tree.parameterContext);
  return [...found.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** The contexts that `context` could inherit from, too: none twice, and none in a circle. */
export function inheritable(flow: FlowTree, context: string): string[] {
  const contexts = flow.parameterContexts ?? {};
  const reaches = (from: string, seen: Set<string>): boolean => {
    if (from === context) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return (own(contexts, from)?.inherits ?? []).some((each) => reaches(each, seen));
  };
  const has = own(contexts, context)?.inherits ?? [];
  return Object.keys(contexts).filter((each) => !has.includes(each) && !reaches(each, new Set()));
}

/** The services that a group's processors see; of two with one name the nearest counts. */
export function servicesIn(
  flow: FlowTree,
  group: string,
): Map<string, { path: string; service: ServiceTree }> {
  const found = new Map<string, { path: string; service: ServiceTree }>();
  for (const { path, tree } of outwards(flow, group)) {
    for (const [name, service] of Object.entries(tree.services ?? {})) {
      if (!found.has(name)) found.set(name, { path: join(path, name), service });
    }
  }
  return found;
}

/** Names of services of that kind in a group's sight. */
export function servicesOf(
  flow: FlowTree,
  group: string,
  kind: string,
  types: readonly ServiceType[],
): string[] {
  const fitting = new Set(types.filter((type) => type.offers === kind).map((type) => type.type));
  return [...servicesIn(flow, group)]
    .filter(([, { service }]) => fitting.has(service.type))
    .map(([name]) => name)
    .sort();
}

/** How a parameter is referred to; names with spaces stand in quotes. */
export function reference(parameter: string): string {
  return /^[\w.-]+$/.test(parameter) ? `#{${parameter}}` : `#{'${parameter}'}`;
}
