// A small server of the same contract, for unit tests and for looking at the canvas alone. Flows
// are validated only so far that conflicts and findings can be seen.
import type { IncomingMessage, ServerResponse } from "node:http";
import type {
  Change,
  Conflict,
  Finding,
  FlowStatus,
  Json,
  JsonObject,
  Operation,
  ProcessorType,
} from "../src/api/types";
import { apply, isSame, valueAt, type Documents } from "../src/graph/changes";
import { asFlow, connectionName, processorsOf, type GroupTree } from "../src/graph/tree";

interface FakeFlow {
  name: string;
  documents: Documents;
  revision: number;
  applied: number;
  log: Operation[];
  undone: Operation[];
  running: Set<string>;
  ticks: number;
}

export class Fake {
  readonly flows = new Map<string, FakeFlow>();
  /** Whether it asks who one is before anything else. */
  needsLogin = false;
  private readonly listeners = new Set<ServerResponse>();

  constructor(readonly types: ProcessorType[]) {}

  add(file: JsonObject, layout: JsonObject = {}): FakeFlow {
    const name = file.name as string;
    const flow: FakeFlow = {
      name,
      documents: { flow: byName(file), layout },
      revision: 1,
      applied: 1,
      log: [],
      undone: [],
      running: new Set(),
      ticks: 0,
    };
    this.flows.set(name, flow);
    return flow;
  }

  /** Another person's edit. */
  edit(name: string, label: string, changes: Change[], author = "someone"): Operation | Conflict[] {
    const flow = this.flows.get(name);
    if (!flow) throw new Error(`no flow "${name}"`);
    return this.operate(flow, { label, changes, author, kind: "edit" });
  }

  private operate(
    flow: FakeFlow,
    made: Pick<Operation, "label" | "changes" | "author" | "kind"> & { of?: number },
  ): Operation | Conflict[] {
    const conflicts = made.changes.flatMap((change): Conflict[] => {
      const found = valueAt(flow.documents[change.document], change.path);
      if (isSame(found, change.before)) return [];
      return [{ ...change, ...(found === undefined ? {} : { found }) }];
    });
    if (conflicts.length > 0) return conflicts;
    flow.documents = apply(flow.documents, made.changes);
    flow.revision += 1;
    const operation = { ...made, revision: flow.revision, timeMs: Date.now() };
    flow.log.push(operation);
    this.tell("operation", { flow: flow.name, operation });
    return operation;
  }

  tell(event: string, data: unknown): void {
    for (const response of this.listeners) {
      response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    }
  }

  tick(): void {
    const flows = [...this.flows.values()].map((flow) => status(flow));
    this.tell("status", { flows });
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const url = new URL(request.url ?? "/", "http://fake");
    if (!url.pathname.startsWith("/api/v1/")) return false;
    const parts = url.pathname.slice(8).split("/").map(decodeURIComponent);
    const body = request.method === "POST" ? await readBody(request) : {};
    const answer = (status: number, value: unknown) => {
      const kind = status < 400 ? "application/json" : "application/problem+json";
      response.writeHead(status, { "content-type": kind }).end(JSON.stringify(value));
    };
    const refuse = (status: number, title: string, more: object = {}) => {
      answer(status, { type: "about:blank", title, status, ...more });
    };
    const [first, name = "", what = ""] = parts;
    if (first === "session") {
      if (request.method === "POST") this.needsLogin = body.password !== "right";
      const user = this.needsLogin ? null : { name: "ann", role: "editor" };
      if (request.method === "POST" && this.needsLogin) {
        refuse(401, "Unauthorized", { code: "credentials" });
      } else answer(200, { user, needsLogin: this.needsLogin });
      return true;
    }
    if (this.needsLogin) {
      refuse(401, "Unauthorized", { code: "login" });
      return true;
    }
    if (first === "processor-types") answer(200, this.types);
    else if (first === "service-types") answer(200, []);
    else if (first === "events") this.listen(response);
    else if (first === "flows" && name === "") answer(200, [...this.flows.values()].map(summary));
    else {
      const flow = this.flows.get(name);
      if (!flow) refuse(404, "no such flow");
      else this.ofFlow(flow, what, url, body, answer, refuse);
    }
    return true;
  }

  private listen(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(":\n\n");
    this.listeners.add(response);
    response.on("close", () => this.listeners.delete(response));
  }

  private ofFlow(
    flow: FakeFlow,
    what: string,
    url: URL,
    body: JsonObject,
    answer: (status: number, value: unknown) => void,
    refuse: (status: number, title: string, more?: object) => void,
  ): void {
    const done = (made: Operation | Conflict[]) => {
      if (Array.isArray(made)) refuse(409, "others have changed the same", { conflicts: made });
      else {
        const { undo, redo } = steps(flow);
        answer(200, { revision: made.revision, operation: made, undo, redo });
      }
    };
    switch (what) {
      case "draft":
        answer(200, this.draft(flow));
        break;
      case "operations":
        if (body.changes === undefined) {
          const after = Number(url.searchParams.get("after"));
          answer(
            200,
            flow.log.filter((each) => each.revision > after),
          );
        } else {
          const changes = body.changes as unknown as Change[];
          const label = body.label as string;
          flow.undone = [];
          done(this.operate(flow, { label, changes, author: "me", kind: "edit" }));
        }
        break;
      case "undo":
      case "redo":
        this.step(flow, what, done, refuse);
        break;
      case "plan":
        answer(200, {
          revision: flow.revision,
          appliedRevision: flow.applied,
          isAhead: flow.revision > flow.applied,
          findings: findings(flow, this.types),
          changes: [],
          preview: { kept: 0, changed: [], added: [], removed: [], leftOver: [] },
        });
        break;
      case "apply":
        flow.applied = flow.revision;
        this.tell("applied", { flow: flow.name, appliedRevision: flow.applied });
        answer(200, { appliedRevision: flow.applied, warning: null });
        break;
      case "status":
        answer(200, status(flow));
        break;
      case "control":
        control(flow, body);
        answer(202, { refused: [] });
        this.tick();
        break;
      case "queue":
        answer(200, { count: 0, bytes: 0, flowfiles: [], next: null });
        break;
      default:
        refuse(404, "no such resource");
    }
  }

  private step(
    flow: FakeFlow,
    which: "undo" | "redo",
    done: (made: Operation | Conflict[]) => void,
    refuse: (status: number, title: string, more?: object) => void,
  ): void {
    const last = which === "undo" ? undoable(flow) : flow.undone.at(-1);
    if (!last) {
      const code = which === "undo" ? "nothingToUndo" : "nothingToRedo";
      refuse(409, "Conflict", { code });
      return;
    }
    const changes = which === "undo" ? inverse(last.changes) : last.changes;
    const made = this.operate(flow, {
      label: last.label,
      changes,
      author: "me",
      kind: which,
      of: last.revision,
    });
    if (!Array.isArray(made)) {
      if (which === "undo") flow.undone.push(last);
      else flow.undone.pop();
    }
    done(made);
  }

  private draft(flow: FakeFlow): object {
    return {
      name: flow.name,
      revision: flow.revision,
      appliedRevision: flow.applied,
      isRunning: true,
      isAhead: flow.revision > flow.applied,
      flow: flow.documents.flow,
      layout: flow.documents.layout,
      findings: findings(flow, this.types),
      ...steps(flow),
    };
  }
}

function steps(flow: FakeFlow): { undo: { label: string } | null; redo: { label: string } | null } {
  const undo = undoable(flow);
  const redo = flow.undone.at(-1);
  return { undo: undo ? { label: undo.label } : null, redo: redo ? { label: redo.label } : null };
}

function undoable(flow: FakeFlow): Operation | undefined {
  const stack: Operation[] = [];
  for (const each of flow.log) {
    if (each.author !== "me") continue;
    if (each.kind === "undo") stack.pop();
    else stack.push(each);
  }
  return stack.at(-1);
}

function inverse(changes: readonly Change[]): Change[] {
  return [...changes].reverse().map(({ document, path, before, after }) => ({
    document,
    path,
    ...(after === undefined ? {} : { before: after }),
    ...(before === undefined ? {} : { after: before }),
  }));
}

/** A flow's file with its lists as objects by name. */
export function byName(group: JsonObject): JsonObject {
  const tree = structuredClone(group);
  const connections = (tree.connections ?? []) as unknown[];
  if (Array.isArray(connections)) {
    tree.connections = Object.fromEntries(
      connections.map((each) => [
        connectionName(each as Parameters<typeof connectionName>[0]),
        each as Json,
      ]),
    );
  }
  if (Array.isArray(tree.funnels)) {
    tree.funnels = Object.fromEntries((tree.funnels as string[]).map((each) => [each, {}]));
  }
  for (const [name, inner] of Object.entries((tree.groups ?? {}) as JsonObject)) {
    (tree.groups as JsonObject)[name] = byName(inner as JsonObject);
  }
  return tree;
}

function summary(flow: FakeFlow): object {
  const tree = asFlow(flow.documents.flow);
  return {
    name: flow.name,
    description: tree.description ?? "",
    isRunning: true,
    processors: [...processorsOf(tree)].map(([path]) => path),
    connections: connectionsOf(tree, ""),
  };
}

function connectionsOf(group: GroupTree, path: string): string[] {
  const prefix = path === "" ? "" : `${path}/`;
  return [
    ...Object.keys(group.connections ?? {}).map((name) => prefix + name),
    ...Object.entries(group.groups ?? {}).flatMap(([name, inner]) =>
      connectionsOf(inner, prefix + name),
    ),
  ];
}

function findings(flow: FakeFlow, types: readonly ProcessorType[]): Finding[] {
  const found: Finding[] = [];
  for (const [path, processor] of processorsOf(asFlow(flow.documents.flow))) {
    const type = types.find((each) => each.type === processor.type);
    for (const property of type?.properties ?? []) {
      if (
        property.required &&
        property.default === null &&
        !processor.properties?.[property.name]
      ) {
        found.push({
          code: "T0104",
          severity: "error",
          message: `${property.name} is missing`,
          help: property.example === null ? null : `for example ${property.example}`,
          place: {
            file: "",
            line: 0,
            column: 0,
            length: 0,
            path:
              "$" +
              path
                .split("/")
                .map((name, index, all) =>
                  index < all.length - 1
                    ? `.groups[${JSON.stringify(name)}]`
                    : `.processors[${JSON.stringify(name)}]`,
                )
                .join("") +
              `.properties[${JSON.stringify(property.name)}]`,
          },
          element: { kind: "processor", path },
        });
      }
    }
  }
  return found;
}

function control(flow: FakeFlow, body: JsonObject): void {
  const all = [...processorsOf(asFlow(flow.documents.flow))].map(([path]) => path);
  const paths = Array.isArray(body.processors) ? body.processors.map(String) : all;
  for (const path of paths) {
    if (body.action === "start") flow.running.add(path);
    else flow.running.delete(path);
  }
}

function status(flow: FakeFlow): FlowStatus {
  const tree = asFlow(flow.documents.flow);
  if (flow.running.size > 0) flow.ticks += 1;
  const amount = flow.ticks * 7;
  const connections = connectionsOf(tree, "").map((path, index) => ({
    path,
    queued: flow.running.size > 0 ? (amount * (index + 1)) % (index === 1 ? 12_000 : 300) : 0,
    queuedBytes: (amount * 31_337 * (index + 1)) % 900_000_000,
    inFlight: 0,
    penalized: 0,
    flowfilesIn: amount * 3,
    bytesIn: amount * 80_000,
    flowfilesOut: amount * 2,
    bytesOut: amount * 60_000,
    flowfilesExpired: 0,
    bytesExpired: 0,
    inVain: 0,
    backPressure: index === 1 && flow.ticks % 20 > 10,
  }));
  return {
    name: flow.name,
    state: flow.running.size > 0 ? "running" : "stopped",
    services: [],
    processors: [...processorsOf(tree)].map(([path, each]) => ({
      path,
      type: each.type,
      state: flow.running.has(path) ? "running" : "stopped",
      isSource: false,
      activeTasks: flow.running.has(path) ? 1 : 0,
      totals: {
        flowfilesIn: amount,
        bytesIn: amount * 70_000,
        flowfilesOut: amount * 2,
        bytesOut: amount * 50_000,
        flowfilesEnded: 0,
        bytesRead: amount * 70_000,
        bytesWritten: amount * 50_000,
        tasks: amount,
        taskMs: amount * 4,
        rollbacks: 0,
        retries: 0,
        yields: 0,
        penalized: 0,
        parked: 0,
        lineageMs: 0,
        lineageMsMax: 0,
      },
      failed: 0,
      startFailure: null,
      transferred: {},
      sentTo: [],
      counters: {},
      autoTerminated: [],
    })),
    connections,
    entered: amount,
    ended: amount,
    queued: connections.reduce((sum, each) => sum + each.queued, 0),
    failed: 0,
    parked: 0,
    errors: 0,
    failures: [],
    bulletins: [],
    health: null,
  };
}

async function readBody(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? {} : (JSON.parse(text) as JsonObject);
}
