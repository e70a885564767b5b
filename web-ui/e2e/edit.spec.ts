import { readFileSync } from "node:fs";
import type { Route } from "@playwright/test";
import { COPY, expect, NESTED, test } from "./app";
import { placeOf } from "./drawn";

test("DecodeAudio is added and wired in six keys", async ({ app, page }) => {
  await app.open(COPY);
  await app.node("Get").click();
  for (const key of ["a", "d", "e", "c", "Enter"]) await page.keyboard.press(key);
  await expect(app.node("Decode audio")).toHaveClass(/selected/);
  await expect
    .poll(async () => Object.keys((await app.draft("copy")).flow.connections ?? {}))
    .toContain("Get [success] -> Decode audio");
});

test("a type is dragged from the palette to where it is dropped", async ({ app, page }) => {
  await app.open(COPY);
  await page.getByLabel("Search processors").fill("hash");
  const target = { x: 300, y: 560 };
  const view = await page.locator(".react-flow__viewport").evaluate((element) => {
    const { a, e, f } = new DOMMatrix(getComputedStyle(element).transform);
    return { zoom: a, x: e, y: f };
  });
  await page
    .getByRole("button", { name: "HashContent" })
    .dragTo(app.canvas, { targetPosition: target });
  const box = app.node("Hash content");
  await expect(box).toBeVisible();
  await expect
    .poll(async () => (await app.draft("copy")).flow.processors)
    .toHaveProperty("Hash content");
  // Its middle is where it was dropped, at the nearest place of the grid.
  const place = await placeOf(box);
  const { width, height } = await box.evaluate(({ offsetWidth, offsetHeight }: HTMLElement) => {
    return { width: offsetWidth, height: offsetHeight };
  });
  const middle = { x: place.x + width / 2, y: place.y + height / 2 };
  expect(Math.abs(middle.x - (target.x - view.x) / view.zoom)).toBeLessThanOrEqual(8);
  expect(Math.abs(middle.y - (target.y - view.y) / view.zoom)).toBeLessThanOrEqual(8);
  expect((await app.draft("copy")).layout.positions["Hash content"]).toEqual(place);
});

test("a wire is drawn, and what it carries is chosen", async ({ app, page }) => {
  await app.open(COPY);
  await page.keyboard.press("a");
  await page.keyboard.type("logattr");
  await page.keyboard.press("Enter");
  await expect(app.node("Log attribute")).toBeVisible();
  // The view has gone to what was added.
  let place = "";
  const hasCome = async () => {
    const before = place;
    place = JSON.stringify(await app.node("Log attribute").boundingBox());
    return place === before;
  };
  await expect.poll(hasCome, { intervals: [200] }).toBe(true);
  await app.node("Put").locator(".handle.out").hover();
  await page.mouse.down();
  const target = await app.node("Log attribute").boundingBox();
  if (!target) throw new Error("no box");
  await page.mouse.move(target.x + 30, target.y + 30, { steps: 6 });
  await page.mouse.move(target.x + 60, target.y + 50, { steps: 3 });
  await page.mouse.up();
  const dialog = page.getByRole("dialog", { name: "New connection" });
  await dialog.getByRole("checkbox", { name: "failure" }).check();
  await dialog.getByRole("checkbox", { name: "success" }).uncheck();
  await dialog.getByRole("button", { name: "Connect" }).click();
  await expect(app.chip("Put [failure] -> Log attribute")).toBeVisible();
  await expect
    .poll(async () => (await app.draft("copy")).flow.processors?.Put?.autoTerminate)
    .toEqual(["success"]);
});

test("a wire that ends on nothing lists what fits", async ({ app, page }) => {
  await app.open(COPY);
  await app.node("Put").locator(".handle.out").hover();
  await page.mouse.down();
  await page.mouse.move(700, 560, { steps: 6 });
  await page.mouse.up();
  const picker = page.getByRole("combobox", { name: /Add behind/ });
  await expect(picker).toBeFocused();
  await picker.fill("file");
  await expect(page.getByRole("option", { name: /^PutFile/ })).toBeVisible();
  await expect(page.getByRole("option", { name: /^GetFile/ })).toHaveCount(0);
  await picker.fill("logattribute");
  await page.keyboard.press("Enter");
  await expect(app.node("Log attribute")).toBeVisible();
  await expect
    .poll(async () => Object.keys((await app.draft("copy")).flow.connections ?? {}))
    .toContainEqual(expect.stringContaining("-> Log attribute"));
});

test("a wire to a source is refused", async ({ app, page }) => {
  await app.open(COPY);
  await app.node("Put").locator(".handle.out").hover();
  await page.mouse.down();
  const target = await app.node("Get").boundingBox();
  if (!target) throw new Error("no box");
  await page.mouse.move(target.x + 30, target.y + 30, { steps: 6 });
  await expect(page.locator(".react-flow__connection")).toBeAttached();
  await page.mouse.up();
  await expect(page.locator(".toasts")).toContainText("“Get” is a source");
  await expect(page.locator(".react-flow__connection")).toHaveCount(0);
  // What is done next is the first that is done, and nothing lies over it.
  await app.node("Put").click();
  await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(async () => (await app.draft("copy")).layout.positions).toHaveProperty("Put");
  const { revision, flow } = await app.draft("copy");
  expect(revision).toBe(2);
  expect(Object.keys(flow.connections ?? {})).toEqual(["Get [success] -> Put"]);
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

/** Beside others a group with so many boxes, each with what a box can have; nothing else needs it. */
function withGroup(count: number): typeof COPY {
  const names = Array.from({ length: count }, (_, index) => `Box ${String(index)}`);
  const box = (index: number) => ({
    description: `The box ${String(index)}`,
    ...(index === 0
      ? { type: "GenerateFlowFile", state: "disabled" }
      : {
          type: "LogAttribute",
          properties: { "Attributes to Log by Regular Expression": `a{${String(index)}}` },
        }),
    ...(index + 1 === count ? { autoTerminate: ["success"] } : {}),
  });
  const group = {
    description: "Looks.",
    processors: Object.fromEntries(names.map((name, index) => [name, box(index)])),
    connections: names
      .slice(1)
      .map((to, index) => ({ from: names[index], relationships: ["success"], to })),
    labels: { Why: { text: "**All** of it." } },
  };
  return Object.assign({ ...COPY }, { groups: { Storage: group } });
}

test("what is deleted comes back with one undo, also after a kill and a reload", async ({
  app,
  page,
}) => {
  await app.open(withGroup(20));
  // All is laid out and applied: from then on the files say how everything lies.
  await page.keyboard.press("l");
  await expect(page.getByRole("button", { name: /^Undo: / })).toBeEnabled();
  await app.saved();
  const apply = async () => {
    const { revision } = await app.draft("copy");
    await app.tutti.call("/flows/copy/apply", { revision });
    return ["copy.json", "copy.layout.json"].map((name) =>
      readFileSync(app.tutti.path(name), "utf8"),
    );
  };
  const files = await apply();
  const before = (await app.draft("copy")).flow;
  await app.node("Storage").click();
  await page.keyboard.press("Delete");
  await expect(app.node("Storage")).toHaveCount(0);
  await expect.poll(async () => (await app.draft("copy")).flow).not.toEqual(before);
  // Applied as well, so that the files are written anew when it is back.
  expect(await apply()).not.toEqual(files);
  await app.tutti.kill();
  await app.tutti.start("copy");
  await app.show("copy");
  await page.reload();
  await expect(page.getByRole("button", { name: "Undo: Delete Storage" })).toBeEnabled();
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("button", { name: "Redo: Delete Storage" })).toBeEnabled();
  await expect(app.node("Storage")).toHaveClass(/selected/);
  expect((await app.draft("copy")).flow).toEqual(before);
  // To the byte: what goes to git is what it was.
  expect(await apply()).toEqual(files);
  await page.keyboard.press("Control+Shift+z");
  await expect(app.node("Storage")).toHaveCount(0);
});

test("undo takes back what is shown, and not what was done elsewhere meanwhile", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  await app.node("Get").click();
  await page.getByRole("textbox", { name: "File Filter" }).fill("mine");
  await page.keyboard.press("Enter");
  await app.saved();
  // The page does not hear of it in time.
  const first = async (route: Route) => {
    await app.tutti.call("/flows/copy/operations", {
      label: "elsewhere",
      changes: [{ document: "flow", path: ["description"], after: "elsewhere" }],
    });
    await route.continue();
  };
  await page.route("**/undo", first, { times: 1 });
  // In the field it would be the field's own.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+z");
  const told = page.getByRole("alert");
  await expect(told).toContainText("Another operation is the newest by now");
  await expect(told).toContainText("“elsewhere” is the newest by now");
  expect((await app.draft("copy")).flow).toMatchObject({
    description: "elsewhere",
    processors: { Get: { properties: { "File Filter": "mine" } } },
  });
  await expect(page.getByRole("button", { name: "Undo: elsewhere" })).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect.poll(async () => (await app.draft("copy")).flow.description).toBeUndefined();
  // Also after a reload.
  await page.reload();
  await expect(app.node("Get")).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect
    .poll(async () => JSON.stringify((await app.draft("copy")).flow.processors?.Get))
    .not.toContain("File Filter");
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("undo brings into view what it changed, and opens its group", async ({ app, page }) => {
  await app.open(NESTED);
  await app.node("Storage").dblclick();
  await app.node("Store").click();
  await page.keyboard.press("Delete");
  await expect(app.node("Store")).toHaveCount(0);
  await app.saved();
  await page.getByRole("navigation", { name: "Where you are" }).getByText("nested").click();
  await expect(app.node("Get")).toBeVisible();
  // Far away from all there is.
  for (let step = 0; step < 30; step += 1) await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Control+z");
  await expect(app.node("Store")).toHaveClass(/selected/);
  await expect(page).toHaveURL(/#\/flows\/nested\/Storage\/Store$/);
  await expect(app.node("Store")).toBeInViewport();
  for (let step = 0; step < 30; step += 1) await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Control+Shift+z");
  await expect(app.node("Store")).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(app.node("Store")).toBeInViewport();
});

test("a rename takes connections with it, and names that are taken are told", async ({
  app,
  page,
}) => {
  await app.open(NESTED);
  await app.node("Route").click();
  await page.keyboard.press("F2");
  const name = page.getByRole("textbox", { name: "Name", exact: true });
  await name.fill("Get");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("already");
  await name.fill("By size");
  await page.keyboard.press("Enter");
  await expect(app.node("By size")).toBeVisible();
  await expect
    .poll(async () => Object.keys((await app.draft("nested")).flow.connections ?? {}))
    .toContain("By size [large] -> All");
});

test("a copy goes through the clipboard as JSON", async ({ app, page }) => {
  await app.open(NESTED);
  await app.node("Storage").click();
  await page.keyboard.press("Control+c");
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(copied).not.toBe("");
  expect(JSON.parse(await copied())).toMatchObject({
    tutti: "tutti/1",
    group: { groups: { Storage: {} } },
  });
  await page.keyboard.press("Control+v");
  await expect(app.node("Storage 2")).toBeVisible();
  await expect
    .poll(async () => (await app.draft("nested")).flow.groups)
    .toHaveProperty("Storage 2");
});

test("edits of others are seen, and of two that clash both values are shown", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  const path = ["processors", "Put", "description"];
  await app.tutti.call("/flows/copy/operations", {
    label: "theirs",
    changes: [{ document: "flow", path: ["processors", "New"], after: { type: "LogAttribute" } }],
  });
  await expect(app.node("New")).toBeVisible();
  // The page does not hear of the next one in time.
  const clash = async (route: Route) => {
    await app.tutti.call("/flows/copy/operations", {
      label: "theirs",
      changes: [{ document: "flow", path, after: "theirs" }],
    });
    await route.continue();
  };
  await page.route("**/operations", clash, { times: 1 });
  await app.node("Put").click();
  await page.getByRole("tab", { name: "Settings" }).click();
  const field = page.getByRole("textbox", { name: "Description" });
  await field.fill("mine");
  await field.blur();
  const notice = page.getByRole("alert");
  await expect(notice).toContainText("mine");
  await expect(notice).toContainText("theirs");
  await notice.getByRole("button", { name: "Use mine" }).click();
  await expect
    .poll(async () => (await app.draft("copy")).flow.processors?.Put?.description)
    .toBe("mine");
});

test("what is wrong is told on the box, in the list and at the field, in the same words", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  await page.keyboard.press("a");
  await page.keyboard.type("putobject");
  await page.keyboard.press("Enter");
  await expect(app.node("Put object").locator(".finding-mark")).toBeVisible();
  const { findings } = await app.draft("copy");
  expect(findings.length).toBeGreaterThan(0);
  await page.getByRole("button", { name: /^Problems/ }).click();
  for (const finding of findings) {
    await expect(
      page.locator(".rows").getByText(finding.message, { exact: false }).first(),
    ).toBeVisible();
  }
  await app.node("Get").click();
  await page.locator(".row").first().click();
  await expect(page.locator(".panel h2")).toHaveText("Put object");
  await expect(
    page.locator(".panel .field-findings, .panel .panel-findings").first(),
  ).toBeVisible();
});
