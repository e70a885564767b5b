/** Calls the server. What it refuses is a `ProblemError`, with its words for a person. */
import type {
  Accepted,
  Applied,
  Change,
  Controlled,
  ControlAction,
  DeletedFlow,
  Emptied,
  Draft,
  ExpressionFunction,
  ExpressionOutcome,
  FlowSummary,
  FiguresSpan,
  MetricsHistory,
  JsonObject,
  OperationPage,
  Plan,
  PresenceRequest,
  Problem,
  ProcessorType,
  ProvenancePage,
  ProvenanceSearch,
  QueuePage,
  StateForgotten,
  StatePage,
  TakenFlow,
  Trash,
  TrashEnded,
  TrialReport,
  TrialRequest,
  Replayed,
  ServiceType,
  SessionState,
  TablePage,
  Waveform,
  Verification,
  EventSide,
} from "./types";
import { problemTitle, saidOf } from "./problems";

const ROOT = "/api/v1";

export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = "ProblemError";
  }
}

/** What went wrong, as a problem; nobody answered where it is no answer. */
export function problemIn(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return { title: error instanceof Error ? error.message : String(error), status: 0 };
}

/** The same in words, for a person. */
export function whyOf(error: unknown): string {
  return saidOf(problemIn(error));
}

async function problemOf(response: Response): Promise<ProblemError> {
  const { status } = response;
  let told: Partial<Problem> = {};
  try {
    told = (await response.json()) as Partial<Problem>;
  } catch {
    // Who is between the page and the server may answer anything.
  }
  const title = problemTitle(told.code ?? undefined, status);
  return new ProblemError({ ...told, status, title, ...retryAfter(response) });
}

/** Seconds, or a date, as HTTP has it. */
function retryAfter({ headers }: Response): Pick<Problem, "retryAfterMs"> {
  const said = headers.get("retry-after");
  if (said === null) return {};
  const ms = /^\d+$/.test(said) ? Number(said) * 1000 : Date.parse(said) - Date.now();
  return Number.isNaN(ms) ? {} : { retryAfterMs: Math.max(0, ms) };
}

/** Browsers say in words of their own that nobody answers. */
async function answerOf(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch {
    throw new ProblemError({ title: problemTitle(undefined, 0), status: 0 });
  }
}

/** A form of another site cannot send this header, so that the server takes changes only from here. */
const OWN = { "x-tutti-request": "1" };
let onSignedOut: () => void = () => undefined;

/** Who is to know that the server asks who one is. */
export function whenSignedOut(told: () => void): void {
  onSignedOut = told;
}

function call<T>(
  path: string,
  body?: unknown,
  method = body === undefined ? "GET" : "POST",
): Promise<T> {
  return send(path, method, body === undefined ? undefined : JSON.stringify(body));
}

async function send<T>(
  path: string,
  method: string,
  json: string | undefined,
  more: Record<string, string> = {},
): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json", ...OWN, ...more };
  if (json !== undefined) headers["content-type"] = "application/json";
  const response = await answerOf(`${ROOT}${path}`, {
    method,
    headers,
    ...(json === undefined ? {} : { body: json }),
  });
  if (!response.ok) {
    const error = await problemOf(response);
    if (response.status === 401 && error.problem.code !== "credentials") onSignedOut();
    throw error;
  }
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** The server reads no more in one request. */
export const BODY_MAX = 4_000_000;

const of = (flow: string) => `/flows/${encodeURIComponent(flow)}`;

export const api = {
  session: () => call<SessionState>("/session"),
  signIn: (name: string, password: string) => call<SessionState>("/session", { name, password }),
  /** Says what is looked at here. */
  tellPresence: (looking: PresenceRequest) => call<undefined>("/presence", looking),
  signOut: () => call<undefined>("/session", undefined, "DELETE"),
  flows: () => call<FlowSummary[]>("/flows"),
  createFlow: (name: string, description: string) =>
    call<unknown>("/flows", description === "" ? { name } : { name, description }),
  /** With `trash` what waits in it goes into the trash. */
  deleteFlow: (flow: string, trash: boolean) =>
    call<DeletedFlow>(`${of(flow)}${trash ? "?trash=true" : ""}`, undefined, "DELETE"),
  /** Makes a flow of its text; refused where there is one of that name. */
  addFlow: (name: string, text: string) =>
    send<TakenFlow>(of(name), "PUT", text, { "if-none-match": "*" }),
  makeDemo: () => call<unknown>("/demo", {}),
  /** Without its documents where they are those of the revision that is known. */
  draft: (flow: string, known?: number) =>
    call<Draft>(`${of(flow)}/draft${known === undefined ? "" : `?known=${String(known)}`}`),
  operate: (flow: string, label: string, changes: Change[]) =>
    call<Accepted>(`${of(flow)}/operations`, { label, changes }),
  /** Takes back what is shown as the newest, `expected`; refused where it is another one by now. */
  undo: (flow: string, expected: number) => call<Accepted>(`${of(flow)}/undo`, { expected }),
  undoOne: (flow: string, revision: number) => call<Accepted>(`${of(flow)}/undo`, { revision }),
  rollback: (flow: string, revision: number) =>
    call<Accepted>(`${of(flow)}/rollback`, { revision }),
  operations: (flow: string, after: number, limit: number) =>
    call<OperationPage>(`${of(flow)}/operations?after=${String(after)}&limit=${String(limit)}`),
  redo: (flow: string, expected: number) => call<Accepted>(`${of(flow)}/redo`, { expected }),
  /** Tries out a processor of the draft, or of what is to become a flow. */
  verify: (flow: string, processor: string, unmade?: JsonObject) =>
    call<{ checks: Verification[] }>(`${of(flow)}/verify`, { processor, flow: unmade ?? null }),
  /** Lets a processor of the draft, or of `flow` of the request, work on flowfiles; nothing is kept. */
  tryProcessor: (flow: string, request: TrialRequest) =>
    call<TrialReport>(`${of(flow)}/try`, request),
  plan: (flow: string) => call<Plan>(`${of(flow)}/plan`),
  /** With `trash` what waits in connections that go away goes into the trash. */
  apply: (flow: string, revision: number, trash = false) =>
    call<Applied>(`${of(flow)}/apply`, trash ? { revision, trash } : { revision }),
  emptyQueue: (flow: string, connection: string) =>
    call<Emptied>(`${of(flow)}/queue/empty`, { connection }),
  moveQueue: (flow: string, connection: string, to: string) =>
    call<Emptied>(`${of(flow)}/queue/move`, { connection, to }),
  trash: (flow: string) => call<Trash>(`${of(flow)}/trash`),
  restoreTrash: (flow: string, id: number, connection: string) =>
    call<TrashEnded>(`${of(flow)}/trash/${String(id)}/restore`, { connection }),
  discardTrash: (flow: string, id: number) =>
    call<TrashEnded>(`${of(flow)}/trash/${String(id)}`, undefined, "DELETE"),
  control: (flow: string, action: ControlAction, processors?: string[]) =>
    call<Controlled>(`${of(flow)}/control`, processors ? { action, processors } : { action }),
  /** Of those that `filter` is true of, an expression; of all without one. */
  queue: (flow: string, connection: string, after: number, limit: number, filter = "") => {
    const query = new URLSearchParams({
      connection,
      after: String(after),
      limit: String(limit),
    });
    if (filter !== "") query.set("filter", filter);
    return call<QueuePage>(`${of(flow)}/queue?${query.toString()}`);
  },
  state: (flow: string, component: string, limit: number) => {
    const query = new URLSearchParams({ component, limit: String(limit) });
    return call<StatePage>(`${of(flow)}/state?${query.toString()}`);
  },
  forgetState: (flow: string, component: string) => {
    const query = new URLSearchParams({ component });
    return call<StateForgotten>(`${of(flow)}/state?${query.toString()}`, undefined, "DELETE");
  },
  figures: (flow: string, component: string, span: FiguresSpan) => {
    const query = new URLSearchParams({ span, ...(component === "" ? {} : { component }) });
    return call<MetricsHistory>(`${of(flow)}/history?${query.toString()}`);
  },
  expressionFunctions: () => call<ExpressionFunction[]>("/expression-functions"),
  /** Tries an expression on attributes, with the parameters that `group` sees. */
  tryExpression: (
    flow: string,
    expression: string,
    attributes: Record<string, string>,
    group: string,
  ) => call<ExpressionOutcome>(`${of(flow)}/expressions`, { expression, attributes, group }),
  provenance: (flow: string, search: ProvenanceSearch, limit: number) => {
    const asked = Object.entries({ flow, ...search, limit });
    const given = asked.filter(([, value]) => value !== "");
    const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
    return call<ProvenancePage>(`/provenance?${query.toString()}`);
  },
  replay: (events: number[], dryRun: boolean) =>
    call<{ replayed: Replayed[] }>("/provenance/replay", { events, dryRun }),
  processorTypes: () => call<ProcessorType[]>("/processor-types"),
  serviceTypes: () => call<ServiceType[]>("/service-types"),
};

/** A flowfile that waits in a connection. */
export interface Waiting {
  flow: string;
  connection: string;
  number: number;
}

type ContentView = "waveform" | "spectrogram" | "preview" | "table";

function contentPath(
  { flow, connection, number }: Waiting,
  view: ContentView | undefined,
  more: Record<string, string | number> = {},
): string {
  const all = Object.entries({ connection, number, ...more });
  const query = new URLSearchParams(all.map(([name, value]) => [name, String(value)]));
  return `${of(flow)}/content${view === undefined ? "" : `/${view}`}?${query.toString()}`;
}

/** Where the content of a queued flowfile is, or a picture or a sound of it. */
export function contentUrl(
  waiting: Waiting,
  view?: ContentView,
  more?: Record<string, string | number>,
): string {
  return ROOT + contentPath(waiting, view, more);
}

/** Where the content of an event is. */
export function eventContentUrl(event: number, side: EventSide, download: boolean): string {
  const query = new URLSearchParams({ side, download: String(download) });
  return `${ROOT}/provenance/${String(event)}/content?${query.toString()}`;
}

export const contents = {
  waveform: (waiting: Waiting, width: number) =>
    call<Waveform>(contentPath(waiting, "waveform", { width })),
  table: (waiting: Waiting, offset: number, limit: number) =>
    call<TablePage>(contentPath(waiting, "table", { offset, limit })),
};

/** The first bytes of a content, and how many there are in all. */
export async function contentStart(
  url: string,
  most: number,
): Promise<{ bytes: Uint8Array; total: number }> {
  const response = await answerOf(url, { headers: { range: `bytes=0-${String(most - 1)}` } });
  if (response.status === 416) return { bytes: new Uint8Array(), total: 0 };
  if (!response.ok) throw await problemOf(response);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const range = /\/(\d+)$/.exec(response.headers.get("content-range") ?? "");
  return { bytes: bytes.slice(0, most), total: range ? Number(range[1]) : bytes.length };
}
