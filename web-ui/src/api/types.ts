/**
 * What the server sends and takes, by the names that are used here. The shapes come from
 * `docs/openapi.json`; where that has any value, it is JSON.
 */
import type { components, operations } from "./schema";

type Schemas = components["schemas"];

export type Json = string | number | boolean | null | Json[] | { [member: string]: Json };
/** An object of JSON, whose members may be missing. */
export type JsonObject = Record<string, Json>;

interface Values {
  before?: Json;
  after?: Json;
}

/** Sets the member at `path`; an absent value means that it is not there. */
export type Change = Omit<Schemas["Change"], keyof Values> & Values;
export type DocumentName = Change["document"];
export type Operation = Omit<Schemas["Operation"], "changes" | "of"> & {
  changes: Change[];
  of?: number;
};
/** `gone`: what it is a change of is not there any more, by its path. */
export type Conflict = Change & { found?: Json; gone?: string[] };

export type Element = Schemas["Element"];
export type Finding = Schemas["Finding"];
export type DeletedFlow = Schemas["DeletedFlow"];
/** A connection in which something waits that is to go. */
export type LeftOverQueue = Schemas["LeftOverQueue"];
export type FlowSummary = Schemas["FlowSummary"];
export type TakenFlow = Schemas["TakenFlow"];
export type Draft = Omit<Schemas["Draft"], "flow" | "layout"> & {
  /** Neither where the caller has both already. */
  flow: JsonObject | null;
  layout: JsonObject | null;
};
export type Accepted = Omit<Schemas["Accepted"], "operation"> & { operation: Operation | null };
/** What is undone next, or done again. */
export type Step = Schemas["UndoStep"];
export type ProblemCode = Schemas["ProblemCode"];
export type Problem = Omit<Partial<Schemas["Problem"]>, "conflicts" | "title" | "status"> & {
  title: string;
  status: number;
  conflicts?: Conflict[];
  /** When to come again, where the server says that. */
  retryAfterMs?: number;
};
export type PlanChange = Schemas["PlanChange"];
export type Plan = Schemas["Plan"];
export type Preview = Schemas["ApplyPreview"];
/** What waits in a connection for a processor that a plan changes or stops. */
export type WaitingQueue = Preview["queues"][number];
export type Applied = Schemas["Applied"];

export type Meter = Schemas["Meter"];
export type Person = Schemas["Person"];
export type PresenceRequest = Schemas["PresenceRequest"];
export type ServiceStatus = Schemas["ServiceStatus"];
export type ServiceState = Schemas["ServiceState"];
export type PropertyKind = Schemas["PropertyKind"];
export type Verification = Schemas["Verification"];
export type PropertySpec = Schemas["PropertySpec"];
export type DynamicPropertySpec = Schemas["DynamicPropertySpec"];
export type ProcessorType = Schemas["ProcessorType"];
export type Removed = Schemas["Removed"];
export type ServiceType = Schemas["ServiceType"];
/** A processor that is tried on flowfiles, and what came out. */
export type TrialRequest = Omit<Schemas["TrialRequest"], "flow"> & { flow?: JsonObject };
export type TrialFlowfile = Schemas["TrialFlowfile"];
export type TrialReport = Omit<Schemas["TrialReport"], "log"> & { log: Bulletin[] };
export type TrialResult = Schemas["TrialResult"];
export type ExpressionFunction = Schemas["ExpressionFunction"];
/** What is wrong with an expression: its characters from `start` to before `end`. */
export type ExpressionFault = Schemas["ExpressionFault"];
export type ExpressionOutcome = Schemas["ExpressionOutcome"];

export type RunState = Schemas["RunState"];
export type ProcessorStatus = Schemas["ProcessorStatus"];
export type ConnectionStatus = Schemas["ConnectionStatus"];
export type Bulletin = Omit<Schemas["Bulletin"], "level"> & {
  level: "debug" | "info" | "warning" | "error";
};
export type EngineStatus = Omit<Schemas["EngineStatus"], "flows"> & { flows: FlowStatus[] };
export type FlowStatus = Omit<Schemas["FlowStatus"], "bulletins"> & { bulletins: Bulletin[] };
export type ControlAction = Schemas["ControlRequest"]["action"];
export type Controlled = Schemas["Controlled"];

export type QueuedFlowfile = Schemas["QueuedFlowfile"];
export type QueuePage = Schemas["QueuePage"];
export type Emptied = Schemas["QueueEmptied"];
/** With when it is given up. */
export type TrashedQueue = Schemas["TrashedQueue"];
export type Trash = Schemas["Trash"];
export type TrashEnded = Schemas["TrashEnded"];
export type StatePage = Schemas["StatePage"];
export type StateForgotten = Schemas["StateForgotten"];
export type Waveform = Schemas["Waveform"];
export type Cell = Json;
export type TablePage = Omit<Schemas["TablePage"], "rows"> & { rows: Cell[][] };

export type EventType = Schemas["EventType"];
/** Each must be in here, in the order of the documents. */
const EVENTS: Record<EventType, true> = {
  CREATE: true,
  RECEIVE: true,
  FETCH: true,
  SEND: true,
  UPLOAD: true,
  REMOTE_INVOCATION: true,
  DOWNLOAD: true,
  DROP: true,
  EXPIRE: true,
  FORK: true,
  JOIN: true,
  CLONE: true,
  CONTENT_MODIFIED: true,
  ATTRIBUTES_MODIFIED: true,
  ROUTE: true,
  ADDINFO: true,
  REPLAY: true,
};
export const EVENT_TYPES = Object.keys(EVENTS) as readonly EventType[];
export type ProvenanceEvent = Schemas["ProvenanceEvent"];
/** Which content of an event: what was taken for it, or what was there after it. */
export type EventSide = NonNullable<
  NonNullable<operations["getEventContent"]["parameters"]["query"]>["side"]
>;
export type ProvenancePage = Schemas["ProvenancePage"];
/** All that is given must hold. */
export type ProvenanceSearch = NonNullable<operations["searchProvenance"]["parameters"]["query"]>;
export type Replayed = Schemas["ReplayedFlowfile"];

export type MetricsHistory = Schemas["Figures"];
export type FiguresSpan = NonNullable<
  NonNullable<operations["getHistory"]["parameters"]["query"]>["span"]
>;
export type OperationPage = Omit<Schemas["OperationPage"], "operations"> & {
  operations: Operation[];
};

export type Role = Schemas["Role"];
/** How much each may do: also all that is less. */
export const RANKS: Record<Role, number> = { viewer: 0, operator: 1, editor: 2, admin: 3 };
export type User = Schemas["User"];
/** Who one is; nobody is a user where the server has none. */
export type SessionState = Schemas["SessionState"];
/** The flow that there is now, or that there was. */
export type FlowsEvent = Schemas["FlowsEvent"];
/** What the server tells by itself: an event's data, by its name. */
export type WatchEvent = Schemas["WatchEvent"];
