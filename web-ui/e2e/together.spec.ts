// Two browsers edit one flow at once: both come to the same, and nothing that was taken is lost.
import type { Page } from "@playwright/test";
import type { Change } from "../src/api/types";
import { apply, type Documents } from "../src/graph/changes";
import { clipOf } from "../src/graph/clipboard";
import { App, expect, test } from "./app";
import { Chance, type Operation } from "./chance";
import { placeOf } from "./drawn";

const OPERATIONS = 200;
const PASSWORD = "correct horse battery";
const FLOW = {
  format: 1,
  name: "shared",
  processors: Object.fromEntries(
    ["A", "B", "C", "D", "E", "F", "G", "H"].map((name) => [name, { type: "LogAttribute" }]),
  ),
};

async function signIn(app: App, name: string): Promise<void> {
  const { page } = app;
  await page.goto(`${app.tutti.url}/#/flows/shared`);
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(app.node("A")).toBeVisible();
}

/** All that was ever done, the oldest first. */
async function logOf({ tutti }: App): Promise<Operation[]> {
  const all: Operation[] = [];
  for (let after: number | null = 0; after !== null;) {
    const page: { operations: Operation[]; next: number | null } = await tutti.call(
      `/flows/shared/operations?after=${String(after)}&limit=100`,
    );
    all.push(...page.operations);
    after = page.next;
  }
  return all;
}

/** What a page knows of the flow: all of it, as it copies it. */
async function copyOf({ page }: App): Promise<unknown> {
  await page.locator(".canvas").focus();
  await page.keyboard.press("Control+a");
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await page.keyboard.press("Control+c");
  const text = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(text).toContain("tutti/1");
  return JSON.parse(await text());
}

test("two browsers do 200 random operations each, and come to the same", async ({
  app,
  browser,
}) => {
  // Half a minute where nothing else is at work.
  test.setTimeout(600_000);
  const { tutti } = app;
  tutti.writeFlow(FLOW);
  for (const name of ["ann", "ben"]) tutti.addUser(name, "editor", PASSWORD);
  await tutti.start(".");
  const context = await browser.newContext({
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page: Page = await context.newPage();
  const other = new App(tutti, page);
  await signIn(app, "ann");
  await signIn(other, "ben");
  await app.page.keyboard.press("l");
  await app.saved();
  const before = await app.draft("shared");
  const ann = new Chance(app.page, "ann", 1);
  const ben = new Chance(page, "ben", 2);
  await Promise.all([ann.edit(OPERATIONS), ben.edit(OPERATIONS)]);
  for (const each of [app, other]) await each.saved();
  for (const each of [ann, ben]) await each.settled();
  const { revision, ...end } = await app.draft("shared");
  const log = (await logOf(app)).filter((each) => each.revision > before.revision);

  // Whatever one of them was told is taken stands there as they were told, and nothing else.
  for (const { sent } of [ann, ben]) expect(sent).toBeGreaterThanOrEqual(OPERATIONS);
  const taken = [...ann.taken, ...ben.taken].sort((one, two) => one.revision - two.revision);
  expect(log).toEqual(taken);
  expect(log.map((each) => each.revision)).toEqual(
    log.map((_, index) => before.revision + 1 + index),
  );
  expect(revision).toBe(log.at(-1)?.revision);
  for (const word of ["Add", "Connect", "Delete", "Move", "Paste", "Rename", "Set"]) {
    const does = log.filter(({ kind, label }) => kind === "edit" && label.startsWith(word));
    expect(does.length, word).toBeGreaterThanOrEqual(8);
  }
  // What is undone is one's own, and said to be; and each is taken back once, or done again between.
  const count = { undo: 0, redo: 0 };
  const isUndone = new Map<number, boolean>();
  for (const { kind, of, author } of log) {
    if (kind !== "undo" && kind !== "redo") continue;
    const what = log.find((each) => each.revision === of);
    expect(what?.author).toBe(author);
    const undone = kind === "undo" ? of : what?.of;
    expect(isUndone.get(undone ?? 0) ?? false).toBe(kind === "redo");
    isUndone.set(undone ?? 0, kind === "undo");
    count[kind] += 1;
  }
  expect(count.undo).toBeGreaterThanOrEqual(20);
  expect(count.redo).toBeGreaterThanOrEqual(5);

  // Together they lead from the flow of before to that of now: nothing was done beside them.
  const led = log.reduce<Documents>(
    (documents, { changes }) => apply(documents, changes as Change[]),
    { flow: before.flow, layout: before.layout } as unknown as Documents,
  );
  expect(led).toEqual({ flow: end.flow, layout: end.layout });
  // And both pages have it, and draw it.
  const names = Object.keys(end.flow.processors ?? {});
  const copied = clipOf(led, "", new Set(names));
  for (const each of [app, other]) {
    expect(await copyOf(each)).toEqual(copied);
    // Some boxes are far apart by now, and what is not in view is not there.
    await each.page.setViewportSize({ width: 3200, height: 2400 });
    await each.page.keyboard.press("f");
    const drawn = each.page.locator(".react-flow__node");
    const ids = () => drawn.evaluateAll((all) => all.map((one) => one.getAttribute("data-id")));
    await expect.poll(async () => (await ids()).sort()).toEqual([...names].sort());
    for (const name of names) {
      expect(await placeOf(each.node(name))).toEqual(end.layout.positions[name]);
    }
  }
  // The history tells of the last of them in the same words.
  await app.page.setViewportSize({ width: 1280, height: 800 });
  await app.page.keyboard.press("Shift+H");
  const rows = app.page.locator(".operation");
  await expect(rows.first().locator(".operation-revision")).toHaveText(String(revision));
  const told = await rows.evaluateAll((all) =>
    all.map((row) => ({
      revision: Number(row.querySelector(".operation-revision")?.textContent),
      isUndone: row.querySelector(".badge")?.textContent === "undone",
    })),
  );
  const shown = log.slice(-told.length).reverse();
  expect(told).toEqual(
    shown.map((each) => ({ revision: each.revision, isUndone: each.kind === "undo" })),
  );
  await context.close();
});
