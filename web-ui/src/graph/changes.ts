/** Changes of documents: applied, put together, turned around. Documents are never written to. */
import type { Change, DocumentName, Json, JsonObject } from "../api/types";

export interface Documents {
  flow: JsonObject;
  layout: JsonObject;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function valueAt(document: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = document;
  for (const segment of path) {
    if (!isObject(value) || !Object.hasOwn(value, segment)) return undefined;
    value = value[segment];
  }
  return value;
}

/** Whether two values are the same JSON, whatever the order of members. */
export function isSame(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return (
      left.length === right.length && left.every((value, index) => isSame(value, right[index]))
    );
  }
  if (!isObject(left) || !isObject(right)) return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && isSame(left[name], right[name]))
  );
}

/** The document with another value at `path`; what lacks on the way there is made, and what is
 * left empty by taking away stays, as the server has it. What did not change is shared. */
export function withValue(
  document: JsonObject,
  path: readonly string[],
  value: Json | undefined,
): JsonObject {
  const [first, ...rest] = path;
  if (first === undefined) return isObject(value) ? value : document;
  if (rest.length === 0) {
    if (value !== undefined) return { ...document, [first]: value };
    return Object.fromEntries(Object.entries(document).filter(([name]) => name !== first));
  }
  const inner = document[first];
  if (!isObject(inner) && value === undefined) return document;
  return { ...document, [first]: withValue(isObject(inner) ? inner : {}, rest, value) };
}

export function apply(documents: Documents, changes: readonly Change[]): Documents {
  const result = { ...documents };
  for (const change of changes) {
    result[change.document] = withValue(result[change.document], change.path, change.after);
  }
  return result;
}

/** A change from what is there now to `after`; nothing where both are the same. */
export function change(
  documents: Documents,
  document: DocumentName,
  path: string[],
  after: Json | undefined,
): Change[] {
  const before = valueAt(documents[document], path);
  if (isSame(before, after)) return [];
  return [
    {
      document,
      path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  ];
}

/** Collects changes, each on top of those before it. */
export class Edit {
  readonly changes: Change[] = [];

  constructor(public documents: Documents) {}

  set(document: DocumentName, path: string[], after: Json | undefined): this {
    const made = change(this.documents, document, path, after);
    this.changes.push(...made);
    this.documents = apply(this.documents, made);
    return this;
  }

  at(document: DocumentName, path: string[]): Json | undefined {
    return valueAt(this.documents[document], path);
  }
}
