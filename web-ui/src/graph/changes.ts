/** Changes of documents: applied, put together, turned around. Documents are never written to. */
import type { Change, DocumentName, Json, JsonObject } from "../api/types";
import { KINDS } from "./tree";

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

/** How many members each object has that nobody else knows yet, so that it may be written to. */
type Own = WeakMap<JsonObject, number>;

/** `document`, or the only copy of it: a hundred changes of one list copy it once. */
function owned(document: JsonObject, own: Own): JsonObject {
  if (own.has(document)) return document;
  const made = { ...document };
  own.set(made, Object.keys(made).length);
  return made;
}

/** The document with another value at `path`; what lacks on the way there is made. What did not
 * change is shared. */
export function withValue(
  document: JsonObject,
  path: readonly string[],
  value: Json | undefined,
  own: Own = new WeakMap(),
): JsonObject {
  const [first, ...rest] = path;
  if (first === undefined) return isObject(value) ? value : document;
  const isThere = Object.hasOwn(document, first);
  const inner = isThere ? document[first] : undefined;
  if (value === undefined && !(rest.length === 0 ? isThere : isObject(inner))) return document;
  const after =
    rest.length === 0 ? value : withValue(isObject(inner) ? inner : {}, rest, value, own);
  const made = owned(document, own);
  const size = own.get(made) ?? 0;
  if (after === undefined) {
    Reflect.deleteProperty(made, first);
    own.set(made, size - 1);
  } else {
    // A plain assignment of `__proto__` would make no member.
    const member = { value: after, writable: true, enumerable: true, configurable: true };
    Object.defineProperty(made, first, member);
    own.set(made, isThere ? size : size + 1);
  }
  return made;
}

/** Whether what is there is a thing, such as a group or a processor: there, however empty it is. */
function isThing(document: DocumentName, path: readonly string[]): boolean {
  if (document === "layout") return path.length === 0;
  let at: "group" | "groups" | "context" | "contexts" | "thing" | "things" | "member" = "group";
  for (const [depth, name] of path.entries()) {
    if (at === "group" && name === "groups") at = "groups";
    else if (at === "group" && depth === 0 && name === "parameterContexts") at = "contexts";
    else if (at === "group" && KINDS.has(name)) at = "things";
    else if (at === "groups") at = "group";
    else if (at === "contexts") at = "context";
    else if (at === "context" && name === "parameters") at = "things";
    else if (at === "things") at = "thing";
    else at = "member";
  }
  return at === "group" || at === "context" || at === "thing";
}

/** A value without what is empty and says nothing by that; nothing where that is all of it. */
function spelled(
  value: Json | undefined,
  document: DocumentName,
  path: readonly string[],
): Json | undefined {
  if (value === null) return undefined;
  if (!isObject(value)) return value;
  const members = Object.entries(value).flatMap(([name, inner]) => {
    const kept = spelled(inner, document, [...path, name]);
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return members.length > 0 || isThing(document, path) ? Object.fromEntries(members) : undefined;
}

/** The documents with these changes, spelled as the server spells them: what is empty without
 * saying anything is absent, so that what is shown is what a draft that is loaded anew has. */
export function apply(
  documents: Documents,
  changes: readonly Change[],
  own: Own = new WeakMap(),
): Documents {
  const result = { ...documents };
  for (const { document, path, after } of changes) {
    const value = spelled(after, document, path);
    let next = withValue(result[document], path, value, own);
    for (let end = path.length - 1; value === undefined && end > 0; end -= 1) {
      const around = path.slice(0, end);
      const rest = valueAt(next, around);
      if (!isObject(rest) || isThing(document, around)) break;
      if ((own.get(rest) ?? Object.keys(rest).length) > 0) break;
      next = withValue(next, around, undefined, own);
    }
    result[document] = next;
  }
  return result;
}

/** What a person saw when they began to change it. */
export interface Seen {
  value: Json | undefined;
}

/** A change from what is there now, or from what was seen, to `after`; nothing where that is there
 * already. Where what was seen is not there any more the server says so, and takes nothing. */
export function change(
  documents: Documents,
  document: DocumentName,
  path: string[],
  after: Json | undefined,
  seen?: Seen,
): Change[] {
  const now = valueAt(documents[document], path);
  if (isSame(now, after)) return [];
  const before = seen ? seen.value : now;
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
  private readonly own: Own = new WeakMap();

  constructor(public documents: Documents) {}

  set(document: DocumentName, path: string[], after: Json | undefined, seen?: Seen): this {
    const made = change(this.documents, document, path, after, seen);
    this.changes.push(...made);
    this.documents = apply(this.documents, made, this.own);
    return this;
  }

  at(document: DocumentName, path: string[]): Json | undefined {
    return valueAt(this.documents[document], path);
  }
}
