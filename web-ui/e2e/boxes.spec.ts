// Boxes of every kind, chosen one by one or with the mouse, and what is done to several at once.
import { writeFileSync } from "node:fs";
import { COPY, expect, isAccessible, NESTED, test, type App } from "./app";
import { drawnIn, stillBox } from "./drawn";

const selected = async (app: App): Promise<string[]> => {
  const nodes = app.page.locator(".react-flow__node.selected");
  const names = await nodes.evaluateAll((all) => all.map((each) => each.getAttribute("data-id")));
  return names.map(String).sort();
};

test("each kind of box is added by a few letters", async ({ app, page }) => {
  await app.open(COPY);
  await app.canvas.click({ position: { x: 20, y: 20 } });
  const add = async (typed: string, made: string) => {
    await page.keyboard.press("Escape");
    await page.keyboard.press("a");
    await page.locator(".picker-input").fill(typed);
    await page.keyboard.press("Enter");
    await expect(app.node(made)).toHaveClass(/selected/);
  };
  await add("funnel", "Funnel");
  await add("label", "Label");
  await add("group", "Group");
  await app.saved();
  const { flow } = await app.draft("copy");
  expect(flow).toMatchObject({ funnels: { Funnel: {} }, groups: { Group: {} } });
  expect(Object.keys(flow.labels ?? {})).toEqual(["Label"]);
  // Ports belong into a group.
  await page.keyboard.press("e");
  await expect(page.locator(".canvas-empty")).toBeVisible();
  await add("input port", "Input port");
  await add("output port", "Output port");
  await app.saved();
  expect((await app.draft("copy")).flow.groups?.Group).toMatchObject({
    inputPorts: { "Input port": {} },
    outputPorts: { "Output port": {} },
  });
  await isAccessible(app);
  // One step of undo each.
  for (let step = 0; step < 5; step += 1) await page.keyboard.press("Control+z");
  await app.saved();
  const after = (await app.draft("copy")).flow;
  expect([after.funnels, after.labels, after.groups].map((each) => each ?? {})).toEqual([
    {},
    {},
    {},
  ]);
});

test("boxes are chosen one by one, and with a frame", async ({ app, page }) => {
  await app.open(NESTED);
  await app.node("Get").click();
  await app.node("Route").click({ modifiers: ["Shift"] });
  await expect.poll(() => selected(app)).toEqual(["Get", "Route"]);
  // Twice at once is a double click.
  await page.waitForTimeout(600);
  await app.node("Get").click({ modifiers: ["Shift"] });
  await expect.poll(() => selected(app)).toEqual(["Route"]);
  // A frame around two that lie side by side.
  // The view may move to what is chosen now.
  const [get, route] = [await stillBox(app.node("Get")), await stillBox(app.node("Route"))];
  const left = Math.min(get.x, route.x) - 12;
  const top = Math.min(get.y, route.y) - 12;
  await page.mouse.move(left, top);
  await page.keyboard.down("Shift");
  await page.mouse.down();
  const right = Math.max(get.x + get.width, route.x + route.width) + 12;
  const bottom = Math.max(get.y + get.height, route.y + route.height) + 12;
  await page.mouse.move(right, bottom, { steps: 8 });
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await expect.poll(() => selected(app)).toEqual(expect.arrayContaining(["Get", "Route"]));
  expect(await selected(app)).not.toContain("Storage");
});

test("laying out a selection leaves all else where it is", async ({ app, page }) => {
  await app.open(NESTED);
  const places = async () => (await app.draft("nested")).layout.positions;
  await page.keyboard.press("l");
  await expect.poll(places).toHaveProperty("Route");
  await app.node("Route").click();
  for (let step = 0; step < 4; step += 1) await page.keyboard.press("Alt+ArrowDown");
  await app.saved();
  const before = await places();
  await app.node("Get").click();
  await app.node("Route").click({ modifiers: ["Shift"] });
  await page.keyboard.press("l");
  await expect.poll(async () => (await places()).Route).not.toEqual(before.Route);
  expect(await selected(app)).toEqual(["Get", "Route"]);
  const { Get: _, Route: __, ...others } = before;
  expect(await places()).toMatchObject(others);
});

test("a group is stopped and started as a whole, and so is a selection", async ({ app, page }) => {
  await app.open(NESTED);
  const state = (name: string) => app.node(name).locator(".node");
  const running = async () => {
    const { processors } = await app.tutti.call<{
      processors: { path: string; state: string }[];
    }>("/flows/nested/status");
    const all = processors.filter((each) => each.state === "running").map(({ path }) => path);
    return all.filter((path) => ["Get", "Log", "Route", "Storage/Store"].includes(path));
  };
  await expect.poll(running).toHaveLength(4);
  await app.node("Storage").click();
  await page.keyboard.press("x");
  await expect.poll(running).toEqual(expect.not.arrayContaining(["Storage/Store"]));
  await page.keyboard.press("s");
  await expect.poll(running).toHaveLength(4);
  await app.node("Get").click();
  await app.node("Route").click({ modifiers: ["Shift"] });
  await page.keyboard.press("x");
  await expect(state("Get")).toHaveAttribute("data-state", "stopped");
  await expect(state("Route")).toHaveAttribute("data-state", "stopped");
  await expect.poll(running).toHaveLength(2);
  // From the menu of the right button: what is at work is given up.
  await app.node("Log").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Terminate" }).click();
  await expect(state("Log")).toHaveAttribute("data-state", "stopped");
  await expect.poll(running).toEqual(["Storage/Store"]);
});

test("the small map is tinted by what boxes do", async ({ app, page }) => {
  await app.open(COPY);
  await expect(app.node("Get").locator(".node")).toHaveAttribute("data-state", "running");
  const map = page.getByRole("img", { name: "Small map" });
  // "Get" lies left of "Put": what is green begins further right when it stands still.
  const left = async () => (await drawnIn(map, "--good"))?.left ?? -1;
  await expect.poll(left).toBeGreaterThan(0);
  const before = await left();
  await app.node("Get").click();
  await page.keyboard.press("x");
  await page.keyboard.press("Escape");
  await expect.poll(left).toBeGreaterThan(before + 0.05);
});

test("the small map shows where a queue is full, and what is wrong", async ({ app, page }) => {
  const success = "Get [success] -> Put";
  const flow = {
    ...COPY,
    processors: { ...COPY.processors, Put: { ...COPY.processors.Put, state: "disabled" } },
    connections: [
      { from: "Get", relationships: ["success"], to: "Put", backPressure: { count: 2 } },
    ],
  };
  await app.open(flow);
  const map = page.getByRole("img", { name: "Small map" });
  await expect(app.chip(success)).toBeVisible();
  expect(await drawnIn(map, "--bad")).toBeUndefined();
  for (const name of ["a", "b", "c"]) writeFileSync(app.tutti.path(`in/${name}`), name);
  // Between the boxes there is a line, broader than a wire, where neither box is red.
  await expect.poll(() => drawnIn(map, "--bad")).toBeDefined();
  const line = await drawnIn(map, "--bad");
  const good = await drawnIn(map, "--good");
  expect(line?.left).toBeGreaterThan(good?.left ?? 1);
  const height = await map.evaluate((each: HTMLCanvasElement) => each.height);
  const thickness = ((line?.bottom ?? 0) - (line?.top ?? 0)) * height;
  expect(thickness).toBeLessThan(8);
  // A box with an error is red as a whole: what is so begins where what is green did, as high as it.
  await app.node("Get").click();
  const field = page.getByRole("textbox", { name: "Batch Size" });
  await field.fill("many");
  await field.press("Enter");
  await app.saved();
  // Off the field, and then off the box: what is chosen has an outline of its own.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  const red = async () => (await drawnIn(map, "--bad"))?.left;
  await expect.poll(red).toBeLessThanOrEqual((good?.left ?? 0) + 0.01);
  const all = await drawnIn(map, "--bad");
  expect(((all?.bottom ?? 0) - (all?.top ?? 0)) * height).toBeGreaterThan(thickness * 2);
});

test("how long until a queue is full is told while it fills", async ({ app }) => {
  const flow = {
    ...COPY,
    processors: { ...COPY.processors, Put: { ...COPY.processors.Put, state: "disabled" } },
    connections: [
      { from: "Get", relationships: ["success"], to: "Put", backPressure: { count: 100000 } },
    ],
  };
  await app.open(flow);
  let turn = 0;
  const chip = app.chip("Get [success] -> Put");
  await expect
    .poll(
      async () => {
        for (let each = 0; each < 20; each += 1) {
          turn += 1;
          writeFileSync(app.tutti.path(`in/${String(turn)}.txt`), "x");
        }
        return chip.getAttribute("title");
      },
      { timeout: 30_000, intervals: [250] },
    )
    .toMatch(/full in/i);
});
