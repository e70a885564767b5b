// Boxes in line: guides while dragging, and what is put in line at once.
import { expect, isAccessible, test, type App } from "./app";
import { stillBox } from "./drawn";

const FLOW = {
  format: 1,
  name: "lines",
  processors: Object.fromEntries(
    ["A", "B", "C"].map((name) => [
      name,
      { type: "GetFile", properties: { Directory: `DIR/${name}` }, autoTerminate: ["success"] },
    ]),
  ),
};
const PLACES = { A: { x: 0, y: 0 }, B: { x: 320, y: 203 }, C: { x: 704, y: 48 } };

async function open(app: App): Promise<void> {
  app.tutti.writeFlow(FLOW, { format: 1, positions: PLACES });
  await app.tutti.start("lines");
  await app.show("lines");
}

const places = async (app: App) => (await app.draft("lines")).layout.positions;

async function selectAll(app: App): Promise<void> {
  await app.page.keyboard.press("Control+a");
}

test("a dragged box snaps to the lines of others, which are shown", async ({ app, page }) => {
  await open(app);
  // The panel is open before, so that nothing moves but what is dragged.
  await app.node("B").click();
  await expect(page.locator(".panel h2")).toHaveText("B");
  await page.keyboard.press("f");
  const box = await stillBox(app.node("B"));
  const other = await stillBox(app.node("A"));
  const drag = async (to: number) => {
    await page.mouse.move(box.x + 60, box.y + 20);
    await page.mouse.down();
    // A drag begins with the first step.
    await page.mouse.move(box.x + 56, box.y + 20);
    // Some pixels beside the edge of the other.
    await page.mouse.move(other.x + 56 + to, box.y + 40, { steps: 8 });
  };
  await drag(4);
  await expect(page.locator(".guide.vertical")).toHaveCount(3);
  await page.mouse.up();
  await expect(page.locator(".guide")).toHaveCount(0);
  await expect.poll(async () => (await places(app)).B?.x).toBe(0);
  await page.keyboard.press("Control+z");
  await expect.poll(async () => (await places(app)).B).toEqual(PLACES.B);
  // With Alt the grid alone counts.
  await expect.poll(async () => (await app.node("B").boundingBox())?.x).toBe(box.x);
  await page.keyboard.down("Alt");
  await drag(4);
  await page.mouse.move(other.x + 56 + 5, box.y + 41, { steps: 2 });
  await expect(page.locator(".guide")).toHaveCount(0);
  await page.mouse.up();
  await page.keyboard.up("Alt");
  // Not 0, which is the line.
  await expect.poll(async () => (await places(app)).B?.x).toBe(8);
});

test("a selection is put in line by keys, menu and panel, each one step of undo", async ({
  app,
  page,
}) => {
  await open(app);
  await selectAll(app);
  await page.keyboard.press("Alt+Shift+ArrowUp");
  await expect
    .poll(async () => Object.values(await places(app)).map(({ y }) => y))
    .toEqual([0, 0, 0]);
  const { revision } = await app.draft("lines");
  await page.keyboard.press("Alt+Shift+H");
  // From 0 to 944 there are 720 of boxes, and two gaps of 112.
  await expect
    .poll(async () => Object.values(await places(app)).map(({ x }) => x))
    .toEqual([0, 352, 704]);
  expect((await app.draft("lines")).revision).toBe(revision + 1);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await expect.poll(() => places(app)).toEqual(PLACES);
  await selectAll(app);
  await page.keyboard.press("f");
  await app.node("A").click({ button: "right", position: { x: 120, y: 20 } });
  await page.getByRole("menuitem", { name: "Align and distribute" }).hover();
  await page.getByRole("menuitem", { name: "Align right" }).click();
  await expect
    .poll(async () => Object.values(await places(app)).map(({ x }) => x))
    .toEqual([704, 704, 704]);
  await page
    .getByRole("group", { name: "Align and distribute" })
    .getByRole("button", { name: "Align bottom" })
    .click();
  await expect
    .poll(async () => Object.values(await places(app)).map(({ y }) => y))
    .toEqual([203, 203, 203]);
  await isAccessible(app);
  await page.keyboard.press("Escape");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("align");
  await expect(page.getByRole("combobox", { name: "Search everything" })).toHaveValue("align");
  // One box has nothing to be in line with.
  await expect(page.getByRole("option", { name: "Align left" })).toHaveCount(0);
});
