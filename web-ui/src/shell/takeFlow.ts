/** Flows that come as a whole: from a file, or made for a folder of recordings. None replaces one
 * that is there. */
import { api, BODY_MAX, problemIn } from "../api/client";
import { saidOf } from "../api/problems";
import { folderFlow, nameOfFolder, PICK_UP } from "../graph/folderFlow";
import { freeFlowName } from "../graph/flowNames";
import type { JsonObject, TakenFlow } from "../api/types";
import { t } from "../messages";
import { askFlowsAgain } from "../state/catalog";
import { showFlow } from "../state/route";
import { toast } from "../state/ui";

/** How many names are tried while others take them. */
const TRIES = 20;

/** Makes a flow under a name that is free; says under which. */
async function take(wanted: string, textOf: (name: string) => string): Promise<TakenFlow> {
  const taken: string[] = [];
  for (;;) {
    const name = freeFlowName(wanted, taken);
    let made: TakenFlow;
    try {
      made = await api.addFlow(name, textOf(name));
    } catch (error) {
      if (problemIn(error).code !== "exists" || taken.length === TRIES) throw error;
      taken.push(name);
      continue;
    }
    await askFlowsAgain();
    return made;
  }
}

function refuse(title: string, detail: string): void {
  toast({ tone: "error", title, detail });
}

/** Takes in a flow's file. What is wrong with it is told, in the server's words. */
export async function importFlow(file: File): Promise<void> {
  const title = t("importFailed", { name: file.name });
  if (file.size > BODY_MAX) {
    refuse(title, t("importTooLarge"));
    return;
  }
  const text = await file.text();
  let flow: unknown;
  try {
    flow = JSON.parse(text);
  } catch (error) {
    if (/^\s*<[^>]*(>\s*)?<?template/.test(text)) refuse(title, t("importNifiTemplate"));
    else refuse(title, t("importNoJson", { why: error instanceof Error ? error.message : "" }));
    return;
  }
  if (isOfNifi(flow)) {
    refuse(title, t("importNifi", { name: file.name }));
    return;
  }
  const isObject = typeof flow === "object" && flow !== null && !Array.isArray(flow);
  const own = isObject ? (flow as JsonObject).name : undefined;
  if (!isObject || typeof own !== "string") {
    refuse(title, t("importNoFlow"));
    return;
  }
  try {
    // As it is, so that the server sees all of it and names its lines.
    const { name } = await take(own, (free) =>
      free === own ? text : JSON.stringify({ ...(flow as JsonObject), name: free }),
    );
    showFlow(name);
    if (name !== own) toast({ tone: "info", title: t("importRenamed", { own, name }) });
  } catch (error) {
    refuse(title, saidOf(problemIn(error)));
  }
}

/** Whether it is what NiFi's canvas downloads, or what an instance of it keeps. */
export function isOfNifi(flow: unknown): boolean {
  if (typeof flow !== "object" || flow === null) return false;
  const isGroup = (member: string) => {
    const group: unknown = Object.hasOwn(flow, member)
      ? (flow as Record<string, unknown>)[member]
      : undefined;
    return typeof group === "object" && group !== null && "processors" in group;
  };
  return isGroup("flowContents") || isGroup("rootGroup");
}

/** A flow that was made for a folder. */
export interface FolderFlow {
  name: string;
  revision: number;
  /** Why the folder cannot be read; nothing where it can. */
  unread: string | undefined;
}

/** Makes a flow for a folder of the server's machine, and looks whether that can be read; `before`
 * is the one that was made for another folder just now, and is for this one from here on. What is
 * thrown is why there is no flow. */
export async function makeFolderFlow(
  folder: string,
  before: FolderFlow | undefined,
): Promise<FolderFlow> {
  const textOf = (name: string) =>
    JSON.stringify(folderFlow(name, folder, t("folderFlowAbout", { folder })));
  const { name, revision } = before
    ? await api.replaceFlow(before.name, textOf(before.name), before.revision)
    : await take(nameOfFolder(folder), textOf);
  // The flow is there, whatever comes of that.
  const tried = await api.verify(name, PICK_UP).catch(() => undefined);
  const failed = tried?.checks.find(({ outcome }) => outcome === "failed");
  const told = failed && [failed.explanation, failed.help].filter(Boolean).join(" – ");
  return { name, revision, unread: told };
}
