/** What the server's refusals are called here: by their codes, and without one by the status. */
import { t, type MessageKey } from "../messages";
import type { Problem } from "./types";

/** Every code that a problem of the server may have. */
export const PROBLEM_CODES: Readonly<Record<string, MessageKey>> = {
  ahead: "problemAhead",
  body: "problemRequest",
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
  ifMatch: "problemRequest",
  invalid: "problemInvalid",
  limit: "problemLimit",
  log: "problemFile",
  login: "problemLogin",
  malformed: "problemRequest",
  name: "problemName",
  noComponent: "problemNotThere",
  noConnection: "problemNoConnection",
  notAFlow: "problemNotAFlow",
  noContent: "problemNoContent",
  noEvent: "problemNoEvent",
  noFlowFile: "problemNoFlowFile",
  noFlow: "problemNoFlow",
  noProcessor: "problemNotThere",
  noRevision: "problemNoRevision",
  noTable: "problemNoTable",
  noTrash: "problemNotThere",
  notEmpty: "problemNotEmpty",
  notRunning: "problemNotRunning",
  notStopped: "problemNotStopped",
  notTakenBack: "problemFile",
  notToTakeBack: "problemNotToTakeBack",
  nothingToRedo: "problemNothingToRedo",
  nothingToUndo: "problemNothingToUndo",
  parameters: "problemParameters",
  part: "problemRequest",
  query: "problemRequest",
  replay: "problemReplay",
  repository: "problemRepository",
  request: "problemRequest",
  role: "problemRole",
  runs: "problemRuns",
  size: "problemLarge",
  stale: "problemStale",
  tableProgram: "problemTableProgram",
  tooLong: "problemTooLong",
  tooMany: "problemTooMany",
};

const STATUSES: Readonly<Record<number, MessageKey>> = {
  0: "serverGone",
  401: "problemLogin",
  403: "problemForbidden",
  404: "problemNotThere",
  408: "problemSlow",
  413: "problemLarge",
  415: "problemRequest",
  422: "problemRefused",
  429: "problemTooMany",
  502: "serverGone",
  503: "problemNotRunning",
  504: "serverGone",
  507: "problemFile",
};

export function problemTitle(code: string | undefined, status: number): string {
  const known = code !== undefined && Object.hasOwn(PROBLEM_CODES, code);
  const key = known ? PROBLEM_CODES[code] : STATUSES[status];
  return t(key ?? (status < 500 ? "problemRefused" : "problemFailed"));
}

/** What a problem says, in words: all that was found, or what it was and what it advises. */
export function saidOf({ title, detail, help, findings }: Problem): string {
  if (findings && findings.length > 0) return findings.map(({ message }) => message).join("; ");
  return [detail ?? title, help].filter(Boolean).join(" – ");
}
