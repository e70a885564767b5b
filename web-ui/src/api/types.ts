/** What the server sends and takes: the shapes of `/api/v1`. */

export type Json = string | number | boolean | null | Json[] | { [member: string]: Json };
/** An object of JSON, whose members may be missing. */
export type JsonObject = Record<string, Json>;

export type DocumentName = "flow" | "layout";

/** Sets the member at `path`; an absent value means that it is not there. */
export interface Change {
  document: DocumentName;
  path: string[];
  before?: Json;
  after?: Json;
}

export interface Operation {
  revision: number;
  author: string;
  timeMs: number;
  label: string;
  changes: Change[];
  kind: "edit" | "undo" | "redo" | "rollback" | "file";
  of?: number;
}

export interface Conflict {
  document: DocumentName;
  path: string[];
  before?: Json;
  found?: Json;
  after?: Json;
  /** What the change is in is not there any more, by its path. */
  gone?: Json;
}

export interface Element {
  kind: string;
  path: string;
}

/** What is wrong with a flow, and where. */
export interface Finding {
  code: string;
  severity: "error" | "warning";
  message: string;
  help: string | null;
  place: { path: string; line?: number; column?: number };
  element: Element | null;
}

export interface FlowSummary {
  name: string;
  description: string;
  /** Not before it was applied for the first time. */
  isRunning: boolean;
  processors: string[];
  connections: string[];
}

export interface Draft {
  name: string;
  revision: number;
  appliedRevision: number | null;
  isAhead: boolean;
  isRunning: boolean;
  flow: JsonObject;
  layout: JsonObject;
  findings: Finding[];
  undo: { label: string } | null;
  redo: { label: string } | null;
}

export interface PlanChange {
  change: string;
  element: Element | null;
  /** The name that it had, where it was renamed or moved. */
  was: string | null;
  members: { member: string; before?: Json; after?: Json }[];
}

export interface Plan {
  revision: number;
  appliedRevision: number | null;
  isAhead: boolean;
  findings: Finding[];
  changes: PlanChange[];
  /** What the running flow goes through; nothing while the draft has errors. */
  preview: {
    kept: number;
    changed: string[];
    added: string[];
    removed: string[];
    leftOver: { path: string; flowfiles: number }[];
  } | null;
}

export type PropertyKind =
  | {
      type:
        "text" | "boolean" | "duration" | "dataSize" | "regularExpression" | "directory" | "url";
    }
  | { type: "integer" | "number"; min: number; max: number }
  | { type: "choice"; choices: { value: string; description: string }[] }
  | { type: "service"; service: string };

export interface PropertySpec {
  name: string;
  description: string;
  kind: PropertyKind;
  required: boolean;
  default: string | null;
  example: string | null;
  expressions: "none" | "flowfile";
  sensitive: boolean;
  dependsOn: { property: string; values: string[] } | null;
  exclusive: string | null;
}

export interface DynamicPropertySpec {
  name: string;
  description: string;
  kind: PropertyKind;
  expressions: "none" | "flowfile";
  relationships: boolean;
}

interface Described {
  name: string;
  description: string;
}

export interface ProcessorType {
  type: string;
  aliases: string[];
  summary: string;
  description: string;
  tags: string[];
  input: "required" | "allowed" | "forbidden";
  relationships: Described[];
  properties: PropertySpec[];
  dynamicProperties: DynamicPropertySpec | null;
  reads: Described[];
  writes: Described[];
  period: string;
  serial: boolean;
  endless: boolean;
  outside: boolean;
  exampleFlow: string | null;
}

export interface ServiceType {
  type: string;
  summary: string;
  description: string;
  tags: string[];
  offers: string;
  properties: PropertySpec[];
  dynamicProperties: DynamicPropertySpec | null;
  exampleFlow: string | null;
}

export type RunState = "stopped" | "starting" | "startFailed" | "running" | "stopping" | "disabled";

export interface Totals {
  flowfilesIn: number;
  bytesIn: number;
  flowfilesOut: number;
  bytesOut: number;
  flowfilesEnded: number;
  bytesRead: number;
  bytesWritten: number;
  tasks: number;
  taskMs: number;
  rollbacks: number;
  retries: number;
}

export interface ProcessorStatus {
  path: string;
  type: string;
  state: RunState;
  isSource: boolean;
  activeTasks: number;
  totals: Totals;
  failed: number;
  startFailure: string | null;
}

export interface ConnectionStatus {
  path: string;
  queued: number;
  queuedBytes: number;
  inFlight: number;
  penalized: number;
  flowfilesIn: number;
  bytesIn: number;
  flowfilesOut: number;
  bytesOut: number;
  flowfilesExpired: number;
  backPressure: boolean;
}

export interface Bulletin {
  level: "debug" | "info" | "warning" | "error";
  timeMs: number;
  flow: string | null;
  component: string;
  flowfile: string | null;
  filename: string | null;
  message: string;
  help: string | null;
  count: number;
}

export interface FlowStatus {
  name: string;
  state: RunState;
  services: { path: string; type: string; state: string; enableFailure: string | null }[];
  processors: ProcessorStatus[];
  connections: ConnectionStatus[];
  entered: number;
  ended: number;
  queued: number;
  failed: number;
  parked: number;
  errors: number;
  bulletins: Bulletin[];
  health: string | null;
}

export interface QueuedFlowfile {
  /** Its place in the order in which the queue took flowfiles. */
  number: number;
  uuid: string;
  filename: string | null;
  bytes: number;
  derived: string | null;
  enteredMs: number;
  attempts: number;
  inFlight: boolean;
  attributes: Record<string, string>;
}

export interface QueuePage {
  count: number;
  bytes: number;
  flowfiles: QueuedFlowfile[];
  /** What to ask for after, for the next page. */
  next: number | null;
}

export type ControlAction = "start" | "stop" | "runOnce" | "terminate";

export const EVENT_TYPES = [
  "CREATE",
  "RECEIVE",
  "FETCH",
  "SEND",
  "UPLOAD",
  "REMOTE_INVOCATION",
  "DOWNLOAD",
  "DROP",
  "EXPIRE",
  "FORK",
  "JOIN",
  "CLONE",
  "CONTENT_MODIFIED",
  "ATTRIBUTES_MODIFIED",
  "ROUTE",
  "ADDINFO",
  "REPLAY",
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** What happened to a flowfile. */
export interface ProvenanceEvent {
  number: number;
  type: EventType;
  /** As `2026-11-27T13:38:24.346Z`. */
  time: string;
  flow: string;
  component: string;
  uuid: string;
  parents: string[];
  children: string[];
  /** After the event. */
  attributes: Record<string, string>;
  bytes: number;
  /** What was taken from a queue for it; nothing at a source. */
  input: {
    queue: string | null;
    uuid: string;
    attributes: Record<string, string>;
    bytes: number;
  } | null;
  relationship: string | null;
  transitUri: string | null;
  transitBytes: number | null;
  details: string | null;
}

export interface ProvenancePage {
  /** The newest first. */
  events: ProvenanceEvent[];
  /** What of the log could not be read. */
  damaged: string[];
}

/** All that is given must hold. */
export interface ProvenanceSearch {
  component?: string;
  uuid?: string;
  type?: EventType;
  /** `NAME` or `NAME=VALUE`. */
  attribute?: string;
  fromMs?: number;
  untilMs?: number;
}

/** A flowfile that comes once more, or would. */
export interface Replayed {
  event: number;
  queue: string;
  parent: string;
  /** Nothing before it does. */
  uuid: string | null;
  filename: string | null;
  bytes: number;
}

/** A recording in as many columns as a picture has. */
export interface Waveform {
  format: string;
  codec: string;
  sampleRate: number;
  channels: number;
  frames: number;
  durationSeconds: number;
  /** For each channel, two at most, the least and the greatest sample of each column. */
  peaks: number[][];
}

export type Cell = Json;

export interface TablePage {
  format: "csv" | "arrow" | "jsonLines" | "json";
  columns: { name: string; type: string }[];
  rows: Cell[][];
  offset: number;
  next: number | null;
  rowCount: number | null;
}

/** A function of the Expression Language. */
export interface ExpressionFunction {
  name: string;
  /** What it is called on; nothing where it is called without a value. */
  subject: string | null;
  arguments: { name: string; type: string; optional: boolean; repeated?: boolean }[];
  returns: string;
  description: string;
  example: string | null;
}

/** What is wrong with an expression: its characters from `start` to before `end`. */
export interface ExpressionFault {
  message: string;
  start: number;
  end: number;
}

export type ExpressionOutcome =
  | { result: "value"; value: string; doubt?: ExpressionFault }
  | ({ result: "error" } & ExpressionFault);

/** Each may do what those before it may. */
export const ROLES = ["viewer", "operator", "editor", "admin"] as const;
export type Role = (typeof ROLES)[number];

export interface User {
  name: string;
  role: Role;
}

/** Who one is; nobody is a user where the server has none. */
export interface SessionState {
  user: User | null;
  needsLogin: boolean;
}
