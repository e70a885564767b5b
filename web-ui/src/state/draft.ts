/** The draft of the open flow as it is shown: what the server confirmed, and on top of it what was
 * done here and not confirmed yet. Only the flow's {@link DraftSync} writes it. */
import { create } from "zustand";
import type { Problem } from "../api/types";
import type { Documents } from "../graph/changes";
import type { FindingIndex } from "../graph/findings";

export interface DraftState {
  flow: string | undefined;
  /** `gone`: there is no such flow, or not any more. */
  phase: "idle" | "loading" | "ready" | "failed" | "gone";
  problem: Problem | undefined;
  revision: number;
  /** The revision that was applied last; nothing where none was. */
  applied: number | undefined;
  /** Whether the draft differs from what runs. */
  isAhead: boolean;
  /** Whether the flow runs at all: not before it was applied for the first time. */
  isRunning: boolean;
  documents: Documents;
  findings: FindingIndex;
  undo: string | undefined;
  redo: string | undefined;
  /** Whether something done here is still under way. */
  isSaving: boolean;
  /** Since when nothing could be sent, though it was tried; milliseconds of the clock. */
  failingSince: number | undefined;
  /** Whether so much waits to be sent that nothing more is taken until it is. */
  isFull: boolean;
}

/** What is known of a flow that nobody has asked for. */
export const NO_DRAFT: Readonly<DraftState> = {
  flow: undefined,
  phase: "idle",
  problem: undefined,
  revision: 0,
  applied: undefined,
  isAhead: false,
  isRunning: true,
  documents: { flow: {}, layout: {} },
  findings: { all: [], byPath: new Map() },
  undo: undefined,
  redo: undefined,
  isSaving: false,
  failingSince: undefined,
  isFull: false,
};

export const useDraft = create<DraftState>(() => NO_DRAFT);

/** The name of the open flow. */
export function flowName(): string {
  return useDraft.getState().flow ?? "";
}
