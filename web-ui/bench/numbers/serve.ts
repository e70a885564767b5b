// A flow of a size, served by the real binary.
import type { CDPSession } from "@playwright/test";
import { Tutti } from "../../e2e/server";
import { large } from "./flows";

export const isSmall = process.env.SMALL === "1";
export const ROUNDS = isSmall ? 1 : 3;
export const FULL_HD = { width: 1920, height: 1080 };

export async function withTutti(
  nodes: number,
  work: (tutti: Tutti, flow: string) => Promise<void>,
): Promise<void> {
  const tutti = new Tutti();
  try {
    const { flow, layout } = large(nodes);
    tutti.writeFlow(flow, layout);
    await tutti.start(flow.name);
    await work(tutti, flow.name);
  } finally {
    await tutti.end();
  }
}

export async function heapMb(devtools: CDPSession): Promise<number> {
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  return usedSize / 1e6;
}
