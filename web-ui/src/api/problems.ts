/** What the server's refusals are called here: by their codes, and without one by the status. */
import { t, type MessageKey } from "../messages";
import type { Problem, ProblemCode } from "./types";

const CODES: Readonly<Record<ProblemCode, MessageKey>> = {
  ahead: "problemAhead",
  body: "problemRequest",
  bodyTooLarge: "problemLarge",
  busy: "problemBusy",
  cannotDecode: "problemCannotDecode",
  conflict: "conflictTitle",
  credentials: "problemCredentials",
  draftShut: "problemDraftShut",
  exists: "problemExists",
  expression: "problemExpression",
  file: "problemFile",
  fileChanged: "problemFileChanged",
  fileUnreadable: "problemFileUnreadable",
  header: "problemRequest",
  host: "problemForbidden",
  ifMatch: "problemRequest",
  internal: "problemFailed",
  invalid: "problemInvalid",
  limit: "problemLimit",
  log: "problemFile",
  login: "problemLogin",
  malformed: "problemRequest",
  mediaType: "problemRequest",
  method: "problemRequest",
  name: "problemName",
  newest: "problemNewest",
  noAddress: "problemNotThere",
  noComponent: "problemNotThere",
  noConnection: "problemNoConnection",
  noContent: "problemNoContent",
  noEvent: "problemNoEvent",
  noFlow: "problemNoFlow",
  noFlowFile: "problemNoFlowFile",
  noProcessor: "problemNotThere",
  noRevision: "problemNoRevision",
  noTable: "problemNoTable",
  notAFlow: "problemNotAFlow",
  notEmpty: "problemNotEmpty",
  notHere: "problemForbidden",
  nothingToRedo: "problemNothingToRedo",
  nothingToUndo: "problemNothingToUndo",
  notJson: "problemRequest",
  noTrash: "problemNotThere",
  notReady: "problemNotRunning",
  notRunning: "problemNotRunning",
  notStopped: "problemNotStopped",
  notTakenBack: "problemFile",
  notToTakeBack: "problemNotToTakeBack",
  notTried: "problemNotTried",
  origin: "problemForbidden",
  parameters: "problemParameters",
  part: "problemRequest",
  path: "problemRequest",
  query: "problemRequest",
  range: "problemRequest",
  replay: "problemReplay",
  repository: "problemRepository",
  request: "problemRequest",
  role: "problemRole",
  runs: "problemRuns",
  size: "problemLarge",
  slow: "problemSlow",
  stale: "problemStale",
  tableProgram: "problemTableProgram",
  tooLong: "problemTooLong",
  tooMany: "problemTooMany",
};

/** What stands between the page and the server knows no codes. */
const STATUSES: Readonly<Record<number, MessageKey>> = {
  0: "serverGone",
  401: "problemLogin",
  403: "problemForbidden",
  404: "problemNotThere",
  408: "problemSlow",
  413: "problemLarge",
  429: "problemTooMany",
  502: "serverGone",
  503: "serverGone",
  504: "serverGone",
};

export function problemTitle(code: string | undefined, status: number): string {
  const known = code !== undefined && Object.hasOwn(CODES, code);
  const key = known ? CODES[code as ProblemCode] : STATUSES[status];
  return t(key ?? (status < 500 ? "problemRefused" : "problemFailed"));
}

/** What a problem says, in words: all that was found, or what it was and what it advises. */
export function saidOf({ title, detail, help, findings }: Problem): string {
  if (findings && findings.length > 0) return findings.map(({ message }) => message).join("; ");
  return [detail ?? title, help].filter(Boolean).join(" – ");
}
