/** Where a parameter is used. */
import { join, type FlowTree, type GroupTree } from "./tree";

/** The properties that refer to a parameter of that name, as `PATH: PROPERTY`. */
export function usesOf(flow: FlowTree, parameter: string): string[] {
  const found: string[] = [];
  const escaped = parameter.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(`(?<!#)#\\{\\s*(?:${escaped}|'${escaped}'|"${escaped}")\\s*\\}`);
  const visit = (group: GroupTree, path: string) => {
    const things = { ...group.services, ...group.processors };
    for (const [name, { properties }] of Object.entries(things)) {
      for (const [property, value] of Object.entries(properties ?? {})) {
        if (pattern.test(value)) found.push(`${join(path, name)}: ${property}`);
      }
    }
    for (const [name, inner] of Object.entries(group.groups ?? {})) visit(inner, join(path, name));
  };
  visit(flow, "");
  return found;
}
