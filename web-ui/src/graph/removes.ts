/** Which processors take away what they work on, and from where: told before they are started. */
import type { Plan, Removed } from "../api/types";
import { isOpen, type Catalog } from "./relationships";
import { parametersIn, reference } from "./scope";
import { processorsOf, split, type FlowTree, type ProcessorTree, own } from "./tree";

export interface Removal {
  what: Removed;
  /** What the properties say that name it. */
  from: string;
}

/** What the processor takes away, if it does, by what its type says of itself. */
export function removalOf(
  flow: FlowTree,
  path: string,
  processor: ProcessorTree,
  catalog: Catalog,
): Removal | undefined {
  const type = catalog.get(processor.type);
  const removes = type?.removes;
  if (!removes || processor.state === "disabled") return undefined;
  const parameters = parametersIn(flow, split(path).group);
  const valueOf = (name: string) =>
    parameters.reduce<string | undefined>(
      (text, { name: parameter, value, isSensitive }) =>
        value === undefined || isSensitive ? text : text?.replaceAll(reference(parameter), value),
      own(processor.properties, name),
    ) ?? type.properties.find((each) => each.name === name)?.default;
  const { when } = removes;
  // What is no constant may be any of them.
  const value = when && valueOf(when.property)?.toLowerCase();
  const isSo = value === undefined || value === null || isOpen(value);
  if (!isSo && !when?.values.some((each) => each.toLowerCase() === value)) return undefined;
  const from = removes.from.flatMap((name) => valueOf(name) ?? []).join(" ");
  return from === "" ? undefined : { what: removes.what, from };
}

/** What is taken away, and by whom, as soon as a plan is applied: by processors that are added or
 * changed; by all where the flow never ran, though its file may say the same already. */
export function removalsIn(
  flow: FlowTree,
  { changes }: Pick<Plan, "changes">,
  isApplied: boolean,
  catalog: Catalog,
): (Removal & { path: string })[] {
  const touched = new Set(
    changes.flatMap(({ change, element }) =>
      element?.kind === "processor" && change !== "removed" ? [element.path] : [],
    ),
  );
  return [...processorsOf(flow)].flatMap(([path, processor]) => {
    const removal =
      isApplied && !touched.has(path) ? undefined : removalOf(flow, path, processor, catalog);
    return removal ? [{ path, ...removal }] : [];
  });
}
