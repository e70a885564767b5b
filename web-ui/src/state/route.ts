/** What the address says: which flow, which group of it, and what is selected. */

export type Route =
  | { page: "home"; isList: boolean }
  | { page: "components" }
  | { page: "help"; path: string; anchor: string | undefined }
  | { page: "flow"; flow: string; path: string; connection: string | undefined };

export function readRoute(hash: string): Route {
  const [way = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const segments = way
    .split("/")
    .filter((each) => each !== "")
    .map(decode);
  const [first, flow, ...path] = segments;
  if (first === "components") return { page: "components" };
  if (first === "help") {
    const anchor = new URLSearchParams(query).get("at") ?? undefined;
    return { page: "help", path: segments.slice(1).join("/"), anchor };
  }
  if (first !== "flows" || flow === undefined) return { page: "home", isList: first === "flows" };
  const connection = new URLSearchParams(query).get("connection") ?? undefined;
  return { page: "flow", flow, path: path.join("/"), connection };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The page of flows. */
export const FLOWS_PAGE = "#/flows";

/** The address of a thing, or of a group; `connection` is one of the group at `path`. */
export function flowHash(flow: string, path: string, connection?: string): string {
  const segments = [flow, ...path.split("/").filter((each) => each !== "")];
  const query =
    connection === undefined ? "" : `?${new URLSearchParams({ connection }).toString()}`;
  return `#/flows/${segments.map(encodeURIComponent).join("/")}${query}`;
}

/** Leads to a flow. */
export function showFlow(flow: string): void {
  location.hash = flowHash(flow, "");
}

/** The address of a page of the manual, and of a heading in it. */
export function helpHash(path: string, anchor?: string): string {
  const address = path.split("/").map(encodeURIComponent).join("/");
  return `#/help/${address}${anchor === undefined ? "" : `?at=${encodeURIComponent(anchor)}`}`;
}
