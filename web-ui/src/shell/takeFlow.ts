/** Flows that come as a whole: from a file, or made for a folder of recordings. None replaces one
 * that is there. */
import { api, BODY_MAX, problemIn } from "../api/client";
import { saidOf } from "../api/problems";
import { ENDINGS, folderFlow, nameOfFolder, PICK_UP } from "../graph/folderFlow";
import { freeFlowName } from "../graph/flowNames";
import type { JsonObject, TakenFlow } from "../api/types";
import { t } from "../messages";
import { sentence } from "../messages/format";
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

const folderText = (name: string, folder: string) =>
  folderFlow(name, folder, t("folderFlowAbout", { folder }));

/** Why no recording would be picked up from a folder of the server's machine; nothing where one
 * would. Nothing is made for that. */
export async function faultOfFolder(folder: string): Promise<string | undefined> {
  const name = nameOfFolder(folder);
  const { checks } = await api.verify(name, PICK_UP, folderText(name, folder));
  const failed = checks.find(({ outcome }) => outcome === "failed");
  if (failed) {
    const { explanation, help } = failed;
    return [explanation, help]
      .filter((each) => each !== null)
      .map(sentence)
      .join(" ");
  }
  const none = checks.find(({ outcome }) => outcome === "skipped");
  return (
    none && `${sentence(none.explanation)} ${t("folderNone", { endings: ENDINGS.join(", ") })}`
  );
}

/** Makes a flow for a folder of the server's machine; says under which name. */
export async function makeFolderFlow(folder: string): Promise<string> {
  const textOf = (name: string) => JSON.stringify(folderText(name, folder));
  return (await take(nameOfFolder(folder), textOf)).name;
}
