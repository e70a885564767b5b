/** An example of each request, as curl sends it, made of what the document says of it. */
import type { ApiDocument, ApiOperation, Schema } from "./openapi";

type Value = string | number | boolean | null | Value[] | { [member: string]: Value };
type Values = Readonly<Record<string, Value>>;

/** What stands for a name wherever it must be given. */
const VALUES: Values = {
  component: "Decode audio",
  connection: "Get file [success] -> Decode audio",
  events: [17],
  expression: "${filename:toUpper()}",
  flow: "music",
  label: "Another folder",
  name: "music",
  password: "PASSWORD",
  path: ["processors", "Get file", "properties", "Directory"],
  processor: "Decode audio",
  revision: 8,
  to: "Extract features [success] -> Put file",
};

/** What is given besides, or otherwise, by operation: what it is mostly used with. */
export const OWN: Readonly<Record<string, Values>> = {
  changeDraft: { before: "/data/in", after: "/data/recordings" },
  control: { processors: ["Decode audio"] },
  evaluateExpression: { attributes: { filename: "song.mp3" } },
  getHistory: { component: "Decode audio" },
  listQueue: { filter: "${filename:endsWith('.mp3')}" },
  logIn: { name: "ann" },
  putFlow: { "if-match": '"8"' },
  redo: { expected: 8 },
  tellPresence: { id: "6f1c0a", flow: "music", selected: ["Decode audio"] },
  tryProcessor: { flowfiles: [{ attributes: { filename: "song.txt" }, text: "la la la" }] },
  searchProvenance: { flow: "music", component: "Decode audio" },
  undo: { expected: 8 },
};

/** Stands for a text that nothing is known of. */
export const UNKNOWN = "…";
/** A body that is longer is written in lines. */
const LINE_MAX = 60;

/** The request, with an argument a line; `origin` is where the server is. */
export function exampleOf(document: ApiDocument, operation: ApiOperation, origin: string): string {
  const { id, method, path, parameters, body } = operation;
  const own = OWN[id] ?? {};
  const given = parameters
    .filter(({ name, required }) => required === true || name in own)
    .map(({ name, schema, in: where }) => {
      const value = valueFor(document, schema ?? {}, own, name);
      return { name, where, text: typeof value === "string" ? value : JSON.stringify(value) };
    });
  const of = (place: string) => given.filter(({ where }) => where === place);
  const segments = new Map(of("path").map(({ name, text }) => [name, encodeURIComponent(text)]));
  const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => segments.get(name) ?? UNKNOWN);
  // What curl sends without being told: GET, and POST with a body.
  const isTold = method !== (body ? "post" : "get");
  const query = of("query").map(
    ({ name, text }) => `--data-urlencode ${quoted(`${name}=${text}`)}`,
  );
  return [
    ["curl", isTold && `-X ${method.toUpperCase()}`, query.length > 0 && "-G", origin + url]
      .filter(Boolean)
      .join(" "),
    ...of("header").map(({ name, text }) => `-H ${quoted(`${name}: ${text}`)}`),
    ...query,
    ...(body ? bodyOf(document, body, own) : []),
  ].join(" \\\n  ");
}

function bodyOf(document: ApiDocument, body: Schema, own: Values): string[] {
  // An object of which nothing more is said is a flow, as its file has it.
  if (body.type === "object" && !body.properties) return ["--data-binary @music.json"];
  const value = valueFor(document, body, own);
  const short = JSON.stringify(value);
  const text = short.length > LINE_MAX ? JSON.stringify(value, null, 2) : short;
  return ["-H 'content-type: application/json'", `-d ${quoted(text)}`];
}

/** As a shell takes it for one text. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function valueFor(document: ApiDocument, schema: Schema, own: Values, name = ""): Value {
  const known = own[name] ?? VALUES[name];
  if (known !== undefined) return known;
  const whole = resolved(document, schema);
  if (whole.enum) return whole.enum[0] as Value;
  const [type] = [whole.type ?? []].flat();
  if (type === "array") return [valueFor(document, whole.items ?? {}, own)];
  if (type === "integer" || type === "number") return 1;
  if (type === "boolean") return true;
  if (type !== "object") return UNKNOWN;
  const members = Object.entries(whole.properties ?? {})
    .filter(([member]) => whole.required?.includes(member) === true || member in own)
    .map(([member, inner]) => [member, valueFor(document, inner, own, member)] as const);
  return Object.fromEntries(members);
}

/** What a reference names, and of several the first. */
function resolved(document: ApiDocument, schema: Schema): Schema {
  const [first] = schema.oneOf ?? schema.anyOf ?? [];
  if (first) return resolved(document, first);
  if (schema.$ref === undefined) return schema;
  return resolved(document, document.components.schemas[schema.$ref.split("/").at(-1) ?? ""] ?? {});
}
