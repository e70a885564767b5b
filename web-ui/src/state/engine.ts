/** How all flows run, as the server told last. */
import { create } from "zustand";
import type { FlowStatus } from "../api/types";

interface EngineTold {
  /** Nothing as long as it told nothing. */
  flows: readonly FlowStatus[] | undefined;
}

export const useEngine = create<EngineTold>(() => ({ flows: undefined }));

/** How that flow runs; nothing where it does not. */
export function useFlowStatus(flow: string): FlowStatus | undefined {
  return useEngine(({ flows }) => flows?.find(({ name }) => name === flow));
}
