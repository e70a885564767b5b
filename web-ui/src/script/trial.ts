/** What scripts are tried on, and what came out: kept for each processor while the page is open. */
import { create } from "zustand";
import { api, problemIn } from "../api/client";
import { saidOf } from "../api/problems";
import type { JsonObject, TrialFlowfile, TrialReport } from "../api/types";

export interface Row {
  /** What tells rows apart while they are written. */
  id: number;
  name: string;
  value: string;
}

/** A flowfile that a person writes. */
export interface Written {
  attributes: readonly Row[];
  text: string;
}

/** A flowfile that waits in a queue, as it was when it was chosen. */
export interface Pinned {
  connection: string;
  number: number;
  name: string;
  attributes: Readonly<Record<string, string>>;
  bytes: number;
}

/** What came of a run, and what it was run on. */
export interface Run {
  report: TrialReport;
  attributes: Readonly<Record<string, string>>;
}

export interface Bench {
  written: Written;
  /** What is tried, where it is not what is written. */
  pinned: Pinned | undefined;
  isRunning: boolean;
  /** Why the last run was refused. */
  problem: string | undefined;
  last: Run | undefined;
  /** The one before. */
  before: Run | undefined;
}

let ids = 0;
export function row(name = "", value = ""): Row {
  ids += 1;
  return { id: ids, name, value };
}

function fresh(): Bench {
  return {
    written: { attributes: [row("filename", "example.txt")], text: "one, two, three\n" },
    pinned: undefined,
    isRunning: false,
    problem: undefined,
    last: undefined,
    before: undefined,
  };
}

export const useBenches = create<Readonly<Record<string, Bench>>>(() => ({}));

/** What a bench is kept by: no flow's name has a line break in it. */
export const benchKey = (flow: string, processor: string) => `${flow}\n${processor}`;

const FRESH = fresh();

export function benchOf(key: string): Bench {
  return useBenches.getState()[key] ?? FRESH;
}

export function useBench(key: string): Bench {
  return useBenches((benches) => benches[key] ?? FRESH);
}

export function setBench(key: string, change: Partial<Bench>): void {
  useBenches.setState({ [key]: { ...benchOf(key), ...change } });
}

/** The attributes that are written; of two with one name the last counts, one without counts not. */
export function attributesOf({ attributes }: Written): Record<string, string> {
  return Object.fromEntries(
    attributes.filter(({ name }) => name !== "").map(({ name, value }) => [name, value]),
  );
}

/** What is sent as the flowfile to try it on. */
export function sampleOf({ written, pinned }: Pick<Bench, "written" | "pinned">): TrialFlowfile {
  return pinned
    ? { queued: { connection: pinned.connection, number: pinned.number } }
    : { attributes: attributesOf(written), text: written.text };
}

/** Tries a processor on what was chosen: of the draft, or of `flow`. Says whether it could be tried. */
export async function run(
  flow: string,
  processor: string,
  document: JsonObject | undefined,
): Promise<boolean> {
  const key = benchKey(flow, processor);
  const bench = benchOf(key);
  if (bench.isRunning) return false;
  setBench(key, { isRunning: true, problem: undefined });
  const { pinned, written } = bench;
  try {
    const report = await api.tryProcessor(flow, {
      processor,
      flowfiles: [sampleOf(bench)],
      ...(document ? { flow: document } : {}),
    });
    const attributes = pinned?.attributes ?? attributesOf(written);
    const before = benchOf(key).last;
    setBench(key, { isRunning: false, last: { report, attributes }, before });
    return true;
  } catch (error) {
    setBench(key, { isRunning: false, problem: saidOf(problemIn(error)) });
    return false;
  }
}
