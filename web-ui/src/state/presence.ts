/** Who else looks at the open flow, and at what in it; and says what is looked at here. */
import { create } from "zustand";
import { api } from "../api/client";
import type { Person } from "../api/types";
import { join } from "../graph/tree";
import { useDraft } from "./draft";
import { useLive } from "./live";
import { useUi } from "./ui";

/** What this page calls itself. */
export const PAGE = [...crypto.getRandomValues(new Uint8Array(12))]
  .map((byte) => byte.toString(16).padStart(2, "0"))
  .join("");
/** What is selected one after the other is told together. */
const PAUSE_MS = 250;
/** The server forgets who says nothing for longer than twice this. */
const AGAIN_MS = 15_000;
/** It is told of no more of what is selected. */
const SELECTED_MAX = 50;
/** As many colours as the styles have. */
const TONES = 6;

interface Presence {
  /** Those who look at any flow, but for this page. */
  people: readonly Person[];
}

export const usePresence = create<Presence>(() => ({ people: [] }));

const NOBODY: readonly Person[] = [];
const byFlow = new WeakMap<readonly Person[], Map<string, readonly Person[]>>();
const byPath = new WeakMap<readonly Person[], Map<string, readonly Person[]>>();

/** The same list for the same people, so that what shows them renders only when they change. */
function grouped(
  known: WeakMap<readonly Person[], Map<string, readonly Person[]>>,
  people: readonly Person[],
  keysOf: (person: Person) => readonly string[],
): Map<string, readonly Person[]> {
  const found = known.get(people);
  if (found) return found;
  const made = new Map<string, Person[]>();
  for (const person of people) {
    for (const key of keysOf(person)) made.set(key, [...(made.get(key) ?? []), person]);
  }
  known.set(people, made);
  return made;
}

export function peopleIn(people: readonly Person[], flow: string): readonly Person[] {
  return grouped(byFlow, people, (person) => [person.flow]).get(flow) ?? NOBODY;
}

export function peopleAt(people: readonly Person[], flow: string, path: string): readonly Person[] {
  return grouped(byPath, peopleIn(people, flow), (person) => person.selected).get(path) ?? NOBODY;
}

/** Who else looks at that flow. */
export function usePeopleIn(flow: string): readonly Person[] {
  return usePresence(({ people }) => peopleIn(people, flow));
}

/** Who else has selected what has that path in the open flow. */
export function usePeopleAt(path: string): readonly Person[] {
  const flow = useDraft((state) => state.flow);
  return usePresence(({ people }) => peopleAt(people, flow ?? "", path));
}

/** The number of the colour of somebody: the same on all pages. */
export function toneOf({ id }: Person): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return sum % TONES;
}

/** Takes what the server tells. */
export function takePresence(people: readonly Person[]): void {
  const others = people.filter(({ id }) => id !== PAGE);
  const before = usePresence.getState().people;
  if (others.length > 0 || before.length > 0) usePresence.setState({ people: others });
}

/** The flow that is shown. */
let shown: string | undefined;
let told = "";
let timer: ReturnType<typeof setTimeout> | undefined;

function looking(): { id: string; flow: string | null; group: string; selected: string[] } {
  const { group, nodes, wires } = useUi.getState();
  const boxes = [...nodes].map((name) => join(group, name));
  const selected = [...boxes, ...wires].slice(0, SELECTED_MAX);
  return { id: PAGE, flow: shown ?? null, group, selected };
}

/** Nobody else needs to know: what cannot be told is told later. */
function tell(isAgain: boolean): void {
  const now = looking();
  const text = JSON.stringify(now);
  if (document.hidden || !useLive.getState().isConnected) return;
  if (text === told && !isAgain) return;
  if (now.flow === null && told === "") return;
  told = now.flow === null ? "" : text;
  api.tellPresence(now).catch(() => {
    told = "";
  });
}

function soon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    tell(false);
  }, PAUSE_MS);
}

/** Another flow is shown, or none. */
export function lookAt(flow: string | undefined): void {
  if (flow === shown) return;
  shown = flow;
  soon();
}

/** There is another connection to the server, which has forgotten this page with the one before. */
export function tellPresenceAgain(): void {
  if (shown !== undefined) tell(true);
}

/** Tells what is looked at here, from now on. */
export function tellPresence(): void {
  useUi.subscribe((now, before) => {
    const isSame =
      now.group === before.group && now.nodes === before.nodes && now.wires === before.wires;
    if (!isSame) soon();
  });
  setInterval(() => {
    if (shown !== undefined) tell(true);
  }, AGAIN_MS);
}
