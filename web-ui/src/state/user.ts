/** Who uses the page, and what they may do. A server without users lets everybody do all. */
import { create } from "zustand";
import { api, whenSignedOut } from "../api/client";
import { RANKS, type Role, type SessionState, type User } from "../api/types";
import { t } from "../messages";
import { useDraft } from "./draft";
import { dismissAll, toast } from "./ui";

export interface UserState {
  /** `free`: the server has no users. */
  phase: "unknown" | "free" | "in" | "out";
  user: User | undefined;
  /** Whether one was signed in before: what is not sent yet is kept. */
  isExpired: boolean;
}

export const useUser = create<UserState>(() => ({
  phase: "unknown",
  user: undefined,
  isExpired: false,
}));

function take({ user, needsLogin }: SessionState): void {
  if (user) useUser.setState({ phase: "in", user, isExpired: false });
  else if (needsLogin) signedOut();
  else useUser.setState({ phase: "free", user: undefined });
}

/** Whoever tells of it first, the stream of events or a refused request: what is open is kept. */
function signedOut(): void {
  const { phase, isExpired } = useUser.getState();
  useUser.setState({ phase: "out", isExpired: isExpired || phase === "in" });
}

/** Asks who one is; while nobody answers, that stays unknown. */
export async function lookWho(): Promise<void> {
  try {
    take(await api.session());
  } catch {
    // Who opens the page is told by what they ask for next.
  }
}

export async function signIn(name: string, password: string): Promise<void> {
  take(await api.signIn(name, password));
}

export async function signOut(): Promise<void> {
  await api.signOut();
  // What was told to one user is nothing to the next.
  dismissAll();
  useUser.setState({ phase: "out", user: undefined, isExpired: false });
}

whenSignedOut(signedOut);

/** Waits until one is signed in again. */
export function signedIn(): Promise<void> {
  if (useUser.getState().phase !== "out") return Promise.resolve();
  return new Promise((resolve) => {
    const stop = useUser.subscribe(({ phase }) => {
      if (phase === "out") return;
      stop();
      resolve();
    });
  });
}

export function isAtLeast({ phase, user }: UserState, needed: Role): boolean {
  if (phase === "free" || phase === "unknown" || !user) return true;
  return RANKS[user.role] >= RANKS[needed];
}

/** Who edits waits while more is pending than is kept; whoever only looks or runs does not. */
const isHeldUp = (needed: Role, isFull: boolean) => isFull && needed === "editor";

/** Whether the user may do what needs that role; for components. */
export function useMay(needed: Role): boolean {
  const isFull = useDraft((state) => state.isFull);
  const isAllowed = useUser((state) => isAtLeast(state, needed));
  return isAllowed && !isHeldUp(needed, isFull);
}

/** The same as {@link refusalFor}, for components. */
export function useRefusal(needed: Role): string | undefined {
  useMay(needed);
  return refusalFor(needed);
}

/** Why the user may not do what needs that role; nothing when they may. */
export function refusalFor(needed: Role | undefined): string | undefined {
  if (needed === undefined) return undefined;
  const state = useUser.getState();
  if (!isAtLeast(state, needed)) return t("roleNeeded", { needed, role: state.user?.role ?? "" });
  return isHeldUp(needed, useDraft.getState().isFull) ? t("pendingFull") : undefined;
}

/** Tells the user why they may not do what needs that role, if so. */
export function isRefused(needed: Role | undefined): boolean {
  const detail = refusalFor(needed);
  if (needed === undefined || detail === undefined) return false;
  const isRole = !isAtLeast(useUser.getState(), needed);
  toast({ tone: "info", title: t(isRole ? "problemRole" : "notSaved"), detail });
  return true;
}
