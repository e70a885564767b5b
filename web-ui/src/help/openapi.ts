/** What an OpenAPI document says, as a person reads it. */

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
  enum?: unknown[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
}

interface Content {
  $ref?: string;
  content?: Record<string, { schema?: Schema }>;
  description?: string;
}

export interface ApiParameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
}

interface Described {
  operationId: string;
  tags?: string[];
  summary?: string;
  description?: string;
  parameters?: ApiParameter[];
  requestBody?: Content;
  responses: Record<string, Content>;
}

export interface ApiDocument {
  tags?: { name: string; description?: string }[];
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Schema>; responses?: Record<string, Content> };
}

export interface ApiOperation {
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string | undefined;
  parameters: ApiParameter[];
  body: Schema | undefined;
  answers: { status: string; description: string; schema: Schema | undefined }[];
}

export interface ApiGroup {
  tag: string;
  description: string;
  operations: ApiOperation[];
}

const METHODS = ["get", "post", "put", "patch", "delete"];

/** Operations by their tags, in the document's order. */
export function operationsOf(document: ApiDocument): ApiGroup[] {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const described = methods[method];
      return described === undefined
        ? []
        : [{ tag: described.tags?.[0] ?? "", method, path, described }];
    }),
  );
  const groups = (document.tags ?? []).map(({ name, description }) => ({
    tag: name,
    description: description ?? "",
    operations: all.filter(({ tag }) => tag === name).map((one) => operationOf(document, one)),
  }));
  return groups.filter(({ operations }) => operations.length > 0);
}

function operationOf(
  document: ApiDocument,
  { method, path, described }: { method: string; path: string; described: Described },
): ApiOperation {
  const resolved = (answer: Content): Content =>
    document.components.responses?.[answer.$ref?.split("/").at(-1) ?? ""] ?? answer;
  return {
    id: described.operationId,
    method,
    path,
    summary: described.summary ?? "",
    description: described.description,
    parameters: described.parameters ?? [],
    body: schemaOf(described.requestBody),
    answers: Object.entries(described.responses)
      .map(([status, answer]) => ({ status, answer: resolved(answer) }))
      .map(({ status, answer }) => ({
        status,
        description: answer.description ?? "",
        schema: schemaOf(answer),
      })),
  };
}

/** The codes that a problem may have. */
export function codesOf(schema: Schema | undefined): string[] {
  const code = schema?.allOf?.find(({ properties }) => properties?.code)?.properties?.code;
  return (code?.enum ?? []).map(String);
}

function schemaOf(content: Content | undefined): Schema | undefined {
  return Object.values(content?.content ?? {})[0]?.schema;
}

/** How deep types are written out; below that their names stand for them. */
const DEPTH_MAX = 3;

/** A type, written as TypeScript writes it. */
export function schemaText(document: ApiDocument, schema: Schema | undefined): string {
  return schema === undefined ? "" : text(document, schema, 0, []);
}

function text(document: ApiDocument, schema: Schema, depth: number, within: string[]): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split("/").at(-1) ?? "";
    const named = document.components.schemas[name];
    if (named === undefined || within.includes(name) || depth > DEPTH_MAX) return name;
    return text(document, named, depth, [...within, name]);
  }
  const join = (parts: Schema[], by: string) =>
    parts.map((each) => text(document, each, depth, within)).join(by);
  if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(" | ");
  if (schema.oneOf) return join(schema.oneOf, " | ");
  if (schema.anyOf) return join(schema.anyOf, " | ");
  if (schema.allOf) return join(schema.allOf, " & ");
  const types = [schema.type ?? []].flat();
  return types.length === 0
    ? "any"
    : types.map((type) => one(document, schema, type, depth, within)).join(" | ");
}

function one(
  document: ApiDocument,
  schema: Schema,
  type: string,
  depth: number,
  within: string[],
): string {
  if (type === "array") {
    const item = text(document, schema.items ?? {}, depth, within);
    return item.includes(" ") && !item.startsWith("{") ? `(${item})[]` : `${item}[]`;
  }
  if (type !== "object") return type;
  const indent = "  ".repeat(depth + 1);
  const members = Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const mark = schema.required?.includes(name) === true ? "" : "?";
    const said =
      member.description === undefined ? "" : `${indent}// ${firstLine(member.description)}\n`;
    return `${said}${indent}${name}${mark}: ${text(document, member, depth + 1, within)}`;
  });
  if (typeof schema.additionalProperties === "object") {
    const value = text(document, schema.additionalProperties, depth + 1, within);
    members.push(`${indent}[name]: ${value}`);
  }
  return members.length === 0 ? "object" : `{\n${members.join("\n")}\n${"  ".repeat(depth)}}`;
}

function firstLine(description: string): string {
  return description.replaceAll(/\s+/g, " ");
}
