import { writeFileSync } from "node:fs";
import { expect, isAccessible, test } from "./app";
import { QUEUE, WAITING } from "./waiting";

const LONG = {
  ...WAITING,
  connections: WAITING.connections.map((each) => ({ ...each, backPressure: { count: 1000 } })),
};

test("flowfiles are found by an expression, and a wrong one is told", async ({ app, page }) => {
  await app.open(LONG);
  for (let number = 0; number < 8; number += 1) {
    const name = `${String(number)}.${number % 4 === 0 ? "flac" : "txt"}`;
    writeFileSync(app.tutti.path(`in/${name}`), "x".repeat(number + 1));
  }
  await expect(app.chip(QUEUE).locator('[data-figure="queued"]')).toHaveText("8");
  await app.chip(QUEUE).getByRole("button").click();
  const dialog = page.getByRole("dialog");
  const items = dialog.locator(".queue-item");
  await expect(items).toHaveCount(8);
  const filter = dialog.getByRole("textbox", { name: "Filter" });
  await filter.fill("${filename:endsWith('.flac')}");
  await expect(items).toHaveCount(2);
  await expect(dialog.locator(".queue-found")).toContainText("2 found; 8 of 8 looked at.");
  await isAccessible(app);
  await filter.fill("${fileSize:gt(7)}");
  await expect(items).toHaveCount(1);
  await expect(items).toContainText("7.txt");
  await filter.fill("${filename:nothing()}");
  await expect(filter).toHaveAttribute("aria-invalid", "true");
  await expect(dialog.locator("#queue-filter-told")).toContainText("at character");
  await filter.fill("${filename:endsWith(txt)");
  await expect(dialog.locator("#queue-filter-told")).toContainText("The expression has no end");
  // Words are looked for in the names.
  await filter.fill("4.FL");
  await expect(items).toHaveCount(1);
  await expect(items).toContainText("4.flac");
  await expect(dialog).toContainText("${filename:toLower():contains('4.fl')}");
  await isAccessible(app);
  await filter.fill("'");
  await expect(items).toHaveCount(0);
  await expect(filter).toHaveAttribute("aria-invalid", "false");
  await filter.fill("");
  await expect(items).toHaveCount(8);
});

test("the number of a wire selects it and shows its queue; keys change nothing there", async ({
  app,
  page,
}) => {
  await app.open(LONG);
  writeFileSync(app.tutti.path("in/a.txt"), "a");
  await expect(app.chip(QUEUE).locator('[data-figure="queued"]')).toHaveText("1");
  await app.chip(QUEUE).getByRole("button").click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.locator(".queue-item")).toHaveCount(1);
  await page.keyboard.press("q");
  await expect(dialog.getByRole("textbox", { name: "Filter" })).toHaveValue("");
  await expect(dialog.locator(".queue-item")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(page.locator(".wire.selected")).toHaveCount(1);
  // The wire is chosen: the key of its queue works.
  await page.keyboard.press("q");
  await expect(dialog).toBeVisible();
});

test("what a processor remembers is seen, and forgotten when it stands still", async ({
  app,
  page,
}) => {
  const list = {
    format: 1,
    name: "list",
    processors: {
      List: {
        type: "ListFile",
        properties: { "Input Directory": "DIR/in", "Polling Interval": "0 sec" },
        autoTerminate: ["success"],
      },
    },
  };
  await app.open(list);
  writeFileSync(app.tutti.path("in/a.wav"), "a");
  interface StatePage {
    count: number;
  }
  const remembered = () => app.tutti.call<StatePage>("/flows/list/state?component=List");
  await expect.poll(async () => (await remembered()).count).toBeGreaterThan(0);
  await app.node("List").click();
  await page.getByRole("tab", { name: "Settings" }).click();
  const part = page.locator(".state-part");
  await expect(part.locator("dd").first()).not.toBeEmpty();
  const forget = async () => {
    await part.getByRole("button", { name: "Forget all of it…" }).click();
    await part.getByRole("button", { name: "Forget all of it…" }).click();
  };
  await forget();
  await expect(part.getByRole("alert")).toContainText("stop it");
  await isAccessible(app);
  await app.tutti.call("/flows/list/control", { action: "stop" });
  const states = () =>
    app.tutti.call<{ processors: { state: string }[] }>("/flows/list/status").then((status) => {
      return status.processors.map((each) => each.state);
    });
  await expect.poll(states).toEqual(["stopped"]);
  await forget();
  await expect(part).toHaveCount(0);
  expect((await remembered()).count).toBe(0);
});

test("a queue is emptied into the trash with a word", async ({ app, page }) => {
  await app.open(LONG);
  for (const name of ["a.txt", "b.txt"]) writeFileSync(app.tutti.path(`in/${name}`), name);
  await expect(app.chip(QUEUE).locator('[data-figure="queued"]')).toHaveText("2");
  await app.chip(QUEUE).getByRole("button").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Empty…" }).click();
  await isAccessible(app);
  await dialog.getByRole("button", { name: "Empty the queue" }).click();
  await expect(dialog.locator(".queue-item")).toHaveCount(0);
  await expect(dialog).toContainText("The queue is empty.");
  interface Trash {
    queues: { flowfiles: number }[];
  }
  const { queues } = await app.tutti.call<Trash>("/flows/copy/trash");
  expect(queues.map((each) => each.flowfiles)).toEqual([2]);
  // What is told lies below the dialog, and is none of its parts.
  const toast = page.locator(".toast");
  const { y: below = 0 } = (await toast.boundingBox()) ?? {};
  const box = await dialog.locator(".dialog-box").boundingBox();
  expect(below).toBeGreaterThan((box?.y ?? 0) + (box?.height ?? 0));
  await page.keyboard.press("Escape");
  await page.keyboard.press("Shift+T");
  const trash = page.getByRole("dialog", { name: "Trash" });
  await expect(trash.locator(".trash-item")).toContainText("2 flowfiles");
  await expect(toast).toContainText("2 flowfiles are in the trash.");
  await trash.getByRole("button", { name: "Bring back" }).click();
  await expect(trash).toContainText("Nothing is in the trash");
  await expect(toast).toHaveCount(0);
});

test("what waits is numbered as it waits, on all pages, whatever its number", async ({
  app,
  page,
}) => {
  await app.open(LONG);
  writeFileSync(app.tutti.path("in/first.txt"), "first");
  await expect(app.chip(QUEUE).locator('[data-figure="queued"]')).toHaveText("1");
  await app.tutti.call("/flows/copy/queue/empty", { connection: QUEUE });
  for (let number = 0; number < 53; number += 1) {
    writeFileSync(app.tutti.path(`in/${String(number)}.txt`), "x");
  }
  await expect(app.chip(QUEUE).locator('[data-figure="queued"]')).toHaveText("53");
  await app.chip(QUEUE).getByRole("button").click();
  const dialog = page.getByRole("dialog");
  const places = dialog.locator(".queue-position");
  await expect(places).toHaveText(Array.from({ length: 50 }, (_, at) => String(at + 1)));
  await dialog.getByRole("button", { name: "Later flowfiles" }).click();
  await expect(places).toHaveText(["51", "52", "53"]);
  // The number stays for who asks over HTTP.
  const number = dialog.locator(".attributes div", { hasText: "Number, over HTTP" }).locator("dd");
  await expect(number).toHaveText(/^\d+$/);
  await expect(number).not.toHaveText("51");
  await dialog.getByRole("button", { name: "Earlier flowfiles" }).click();
  await expect(places.first()).toHaveText("1");
  await dialog.getByRole("textbox", { name: "Filter" }).fill("52.txt");
  await expect(dialog.locator(".queue-item")).toHaveCount(1);
  await expect(places).toHaveCount(0);
});

test("a queue is moved to another connection", async ({ app, page }) => {
  await app.open({
    ...LONG,
    processors: {
      ...LONG.processors,
      Know: { type: "IdentifyMimeType" },
      Log: { type: "LogAttribute", autoTerminate: ["success"], state: "disabled" },
    },
    connections: [
      ...LONG.connections,
      { from: "Know", relationships: ["failure"], to: "Log", backPressure: { count: 1000 } },
    ],
  } as unknown as typeof LONG);
  for (const name of ["a.txt", "b.txt"]) writeFileSync(app.tutti.path(`in/${name}`), name);
  await expect(app.chip(QUEUE).locator('[data-figure="queued"]')).toHaveText("2");
  await app.chip(QUEUE).getByRole("button").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Move to…" }).click();
  await expect(dialog.getByRole("button", { name: "Move all" })).toBeDisabled();
  await dialog.getByLabel("Connection to move it to").selectOption("Know [failure] -> Log");
  await dialog.getByRole("button", { name: "Move all" }).click();
  await expect(dialog).toContainText("The queue is empty.");
  await page.keyboard.press("Escape");
  const other = app.chip("Know [failure] -> Log");
  await expect(other.locator('[data-figure="queued"]')).toHaveText("2");
});
