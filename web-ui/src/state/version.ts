/** Whether this page is still the server's: another program brings another page, and has no parts
 * of this one any more. */
import { t } from "../messages";
import { dismiss, toast } from "./ui";

/** A server that does not answer must not keep what is wrong from being told. */
const ANSWER_MS = 1500;

/** What this page was begun with: its name changes with what is in it. */
const begun = () =>
  document.querySelector('script[type="module"][src]')?.getAttribute("src") ?? undefined;

/** Whether the server has another page by now; not where it does not say. */
export async function isOutdated(): Promise<boolean> {
  const own = begun();
  if (own === undefined) return false;
  try {
    const headers = { accept: "text/html" };
    const signal = AbortSignal.timeout(ANSWER_MS);
    const answer = await fetch("/", { headers, cache: "no-store", signal });
    return answer.ok && !(await answer.text()).includes(`"${own}"`);
  } catch {
    return false;
  }
}

/** The message that was shown last. */
let shown: number | undefined;

function tell(isOld: boolean): void {
  if (shown !== undefined) dismiss(shown);
  const reload = () => {
    location.reload();
  };
  const actions = [{ label: t("loadAnew"), run: reload }];
  const title = t(isOld ? "pageOutdated" : "partFailed");
  const detail = t(isOld ? "pageOutdatedText" : "pageFailedText");
  shown = toast({ tone: isOld ? "info" : "error", title, detail, actions, isLasting: true });
}

/** A part of the page could not be shown. */
export async function tellPartFailed(): Promise<void> {
  tell(await isOutdated());
}

/** What browsers say of a part that cannot be loaded. */
const UNLOADED = /dynamically imported module|Importing a module script failed/;

/** Tells also of parts that nobody shows: what a command needs, for one. */
export function watchParts(): void {
  window.addEventListener("unhandledrejection", (event) => {
    const { reason } = event as { reason: unknown };
    if (!(reason instanceof Error) || !UNLOADED.test(reason.message)) return;
    event.preventDefault();
    void tellPartFailed();
  });
}

/** To be called when the server is there again: it may be another one. */
export async function lookForNewer(): Promise<void> {
  if (await isOutdated()) tell(true);
}
