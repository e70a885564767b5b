// Holds what a page and its server say to each other to `docs/openapi.json`: which routes, which
// parameters, which bodies.
import { readFileSync } from "node:fs";
import type { Page, Request, Response } from "@playwright/test";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

const ID = "openapi.json";

interface Described {
  $ref?: string;
  content?: Record<string, unknown>;
}

interface Operation {
  parameters?: { name: string; in: string }[];
  requestBody?: Described;
  responses: Record<string, Described>;
}

type Paths = Record<string, Record<string, Operation>>;

const text = readFileSync(new URL("../../docs/openapi.json", import.meta.url), "utf8");
const { paths, components } = JSON.parse(text) as {
  paths: Paths;
  components: { responses: Record<string, Described> };
};
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema(JSON.parse(text) as object, ID);

const routes = Object.keys(paths).map((path) => {
  const pattern = path.split(/\{[^}]*\}/).map((part) => part.replace(/[.]/g, "\\."));
  return { path, pattern: new RegExp(`^${pattern.join("[^/]+")}$`) };
});

/** What a page and its server say that the document does not have. */
export function watchContract(page: Page): { settled: () => Promise<string[]> } {
  const wrong: string[] = [];
  const pending: Promise<void>[] = [];
  page.on("response", (response) => {
    if (new URL(response.url()).pathname.startsWith("/api/")) {
      pending.push(check(response).then((found) => void wrong.push(...found)));
    }
  });
  const settled = async () => {
    await Promise.all(pending);
    return wrong;
  };
  return { settled };
}

async function check(response: Response): Promise<string[]> {
  const request = response.request();
  const { pathname, searchParams } = new URL(response.url());
  const route = routes.find((one) => one.pattern.test(pathname))?.path;
  const method = request.method().toLowerCase();
  const operation = route === undefined ? undefined : paths[route]?.[method];
  const told = `${request.method()} ${pathname}: ${String(response.status())}`;
  if (route === undefined || operation === undefined) return [`${told}: no such route`];
  const pointer = `/paths/${escape(route)}/${method}`;
  const parameters = operation.parameters ?? [];
  const known = parameters.filter((one) => one.in === "query").map((one) => one.name);
  const unknown = [...searchParams.keys()].filter((name) => !known.includes(name));
  return [
    ...unknown.map((name) => `${told}: no parameter "${name}"`),
    ...sent(request, operation, pointer).map((what) => `${told}: sent ${what}`),
    ...(await answered(response, operation, pointer)).map((what) => `${told}: got ${what}`),
  ];
}

function sent(request: Request, operation: Operation, pointer: string): string[] {
  const data = request.postData();
  if (data === null) return [];
  if (operation.requestBody === undefined) return data === "{}" ? [] : ["a body"];
  const kinds = Object.keys(operation.requestBody.content ?? {});
  if (!kinds.includes("application/json")) return [];
  return mistakes(`${pointer}/requestBody/content/${escape("application/json")}/schema`, data);
}

async function answered(
  response: Response,
  operation: Operation,
  pointer: string,
): Promise<string[]> {
  const status = String(response.status());
  if (status === "304") return [];
  const key = status in operation.responses ? status : "default";
  const described = operation.responses[key];
  if (described === undefined) return ["a status that is not told of"];
  if (key === "default" && response.ok()) return ["a success that is not told of"];
  const shared = described.$ref?.split("/").at(-1);
  const content = (shared === undefined ? described : components.responses[shared])?.content ?? {};
  const place =
    shared === undefined
      ? `${pointer}/responses/${key}`
      : `/components/responses/${escape(shared)}`;
  const kind = (response.headers()["content-type"] ?? "").split(";")[0] ?? "";
  if (!(kind in content)) return "*/*" in content || status === "204" ? [] : [`"${kind}"`];
  if (!kind.endsWith("json")) return [];
  let body: string;
  try {
    body = await response.text();
  } catch {
    // The page went on before it was read.
    return [];
  }
  return mistakes(`${place}/content/${escape(kind)}/schema`, body);
}

const validators = new Map<string, ValidateFunction>();

function mistakes(pointer: string, json: string): string[] {
  const validate = validators.get(pointer) ?? ajv.compile({ $ref: `${ID}#${pointer}` });
  validators.set(pointer, validate);
  if (validate(JSON.parse(json))) return [];
  const errors = validate.errors ?? [];
  return errors.slice(0, 5).map((error) => `${error.instancePath} ${error.message ?? ""}`);
}

/** A part of a JSON pointer, in an address. */
function escape(part: string): string {
  return encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
}
