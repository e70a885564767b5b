/** Flows that come as a whole: from a file, or made for a folder of recordings. None replaces one
 * that is there. */
import { api, BODY_MAX, problemIn } from "../api/client";
import { saidOf } from "../api/problems";
import { folderFlow, freeFlowName, nameOfFolder, PICK_UP } from "../graph/folderFlow";
import type { JsonObject } from "../api/types";
import { t } from "../messages";
import { queries } from "../state/catalog";
import { flowHash } from "../state/route";
import { toast } from "../state/ui";

/** How many names are tried while others take them. */
const TRIES = 20;

/** Makes a flow under a name that is free, and opens it; says under which. */
async function take(wanted: string, textOf: (name: string) => string): Promise<string> {
  const taken: string[] = [];
  for (;;) {
    const name = freeFlowName(wanted, taken);
    try {
      await api.addFlow(name, textOf(name));
    } catch (error) {
      if (problemIn(error).code !== "exists" || taken.length === TRIES) throw error;
      taken.push(name);
      continue;
    }
    await queries.invalidateQueries({ queryKey: ["flows"] });
    location.hash = flowHash(name, "");
    return name;
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
    refuse(title, t("importNoJson", { why: error instanceof Error ? error.message : "" }));
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
    const name = await take(own, (free) =>
      free === own ? text : JSON.stringify({ ...(flow as JsonObject), name: free }),
    );
    if (name !== own) toast({ tone: "info", title: t("importRenamed", { own, name }) });
  } catch (error) {
    refuse(title, saidOf(problemIn(error)));
  }
}

/** Makes a flow for a folder of the server's machine; says when that cannot be read. What is
 * thrown is why there is no flow. */
export async function openFolder(folder: string): Promise<void> {
  const about = t("folderFlowAbout", { folder });
  const name = await take(nameOfFolder(folder), (free) =>
    JSON.stringify(folderFlow(free, folder, about)),
  );
  // The flow is there, whatever comes of that.
  const tried = await api.verify(name, PICK_UP).catch(() => undefined);
  const failed = tried?.checks.find(({ outcome }) => outcome === "failed");
  if (failed) {
    const detail = [failed.explanation, failed.help].filter(Boolean).join(" – ");
    toast({ tone: "warning", title: t("folderUnread"), detail });
  }
}
