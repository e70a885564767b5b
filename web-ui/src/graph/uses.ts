/** Where parameters, their contexts and services are used. */
import type { PropertySpec } from "../api/types";
import { servicesIn } from "./scope";
import { join, split, type FlowTree, type GroupTree } from "./tree";

/** Something that refers to something: a processor or a service by a property; a group, or the flow
 * itself, which has no name, by its parameter context; a context by what it inherits from. */
export interface Use {
  group: string;
  name: string;
  kind: "processor" | "service" | "group" | "context";
  property: string;
}

type Value = (use: Use, value: string, type: string) => boolean;

function usesWhere(flow: FlowTree, isUse: Value): Use[] {
  const found: Use[] = [];
  const visit = (group: GroupTree, path: string) => {
    for (const kind of ["service", "processor"] as const) {
      const things = kind === "service" ? group.services : group.processors;
      for (const [name, { properties, type }] of Object.entries(things ?? {})) {
        for (const [property, value] of Object.entries(properties ?? {})) {
          const use = { group: path, name, kind, property };
          if (isUse(use, value, type)) found.push(use);
        }
      }
    }
    for (const [name, inner] of Object.entries(group.groups ?? {})) visit(inner, join(path, name));
  };
  visit(flow, "");
  return found;
}

/** The properties that refer to a parameter of that name. */
export function usesOf(flow: FlowTree, parameter: string): Use[] {
  const escaped = parameter.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(
    `(?<!#)(?:##)*#\\{\\s*(?:${escaped}|'${escaped}'|"${escaped}")\\s*\\}`,
  );
  return usesWhere(flow, (_, value) => pattern.test(value));
}

/** The properties of a type, by its name. */
export type SpecsOf = (type: string) => readonly PropertySpec[];

/** The properties that name the service of that group: not one of that name that is nearer. */
export function usesOfService(
  flow: FlowTree,
  group: string,
  service: string,
  specsOf: SpecsOf,
): Use[] {
  const path = join(group, service);
  return usesWhere(flow, (use, value, type) => {
    if (value !== service) return false;
    const spec = specsOf(type).find((each) => each.name === use.property);
    return spec?.kind.type === "service" && servicesIn(flow, use.group).get(value)?.path === path;
  });
}

/** The groups whose parameters it has, and the contexts that inherit from it. */
export function usesOfContext(flow: FlowTree, context: string): Use[] {
  const found: Use[] = [];
  const visit = (tree: GroupTree, path: string) => {
    if (tree.parameterContext === context) {
      found.push({ ...split(path), kind: "group", property: "parameterContext" });
    }
    for (const [name, inner] of Object.entries(tree.groups ?? {})) visit(inner, join(path, name));
  };
  visit(flow, "");
  for (const [name, { inherits }] of Object.entries(flow.parameterContexts ?? {})) {
    if (inherits?.includes(context) === true) {
      found.push({ group: "", name, kind: "context", property: "inherits" });
    }
  }
  return found;
}
