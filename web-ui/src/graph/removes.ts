/** Which processors take away what they work on, and from where: told before they are started. */
import type { Plan } from "../api/types";
import { parametersIn, reference } from "./scope";
import { processorsOf, split, type FlowTree, type ProcessorTree, own } from "./tree";

export interface Removal {
  what: "files" | "fetched" | "objects";
  /** The folder, the file, or the store with the name of the object in it. */
  from: string;
}

/** What a processor of that type takes away with these properties, if anything. */
type Removes = (property: (name: string) => string | undefined) => Removal | undefined;

const TYPES: Readonly<Record<string, Removes>> = {
  GetFile: (property) => {
    const from = property("Directory");
    const isKept = property("Keep Source File")?.toLowerCase() === "true";
    return isKept || !from ? undefined : { what: "files", from };
  },
  FetchFile: (property) =>
    property("Completion Strategy") === "Delete File"
      ? { what: "fetched", from: property("File to Fetch") ?? "${absolute.path}/${filename}" }
      : undefined,
  DeleteObject: (property) => {
    const key = property("Key") ?? "${object.key}";
    const bucket = property("Bucket") ?? "${object.bucket}";
    return { what: "objects", from: [property("Object Store URL"), bucket, key].join(" ") };
  },
};

export function removalOf(
  flow: FlowTree,
  path: string,
  processor: ProcessorTree,
): Removal | undefined {
  const removes = Object.hasOwn(TYPES, processor.type) ? TYPES[processor.type] : undefined;
  if (!removes || processor.state === "disabled") return undefined;
  const parameters = parametersIn(flow, split(path).group);
  return removes((name) =>
    parameters.reduce<string | undefined>(
      (text, { name: parameter, value, isSensitive }) =>
        value === undefined || isSensitive ? text : text?.replaceAll(reference(parameter), value),
      own(processor.properties, name),
    ),
  );
}

/** What is taken away, and by whom, as soon as a plan is applied: by processors that are added or
 * changed; by all where the flow never ran, though its file may say the same already. */
export function removalsIn(
  flow: FlowTree,
  { changes }: Pick<Plan, "changes">,
  isApplied: boolean,
): (Removal & { path: string })[] {
  const touched = new Set(
    changes.flatMap(({ change, element }) =>
      element?.kind === "processor" && change !== "removed" ? [element.path] : [],
    ),
  );
  return [...processorsOf(flow)].flatMap(([path, processor]) => {
    const removal = isApplied && !touched.has(path) ? undefined : removalOf(flow, path, processor);
    return removal ? [{ path, ...removal }] : [];
  });
}
