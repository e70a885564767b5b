// The canvas has the keys when nothing else does: a flow is drawn and filled in without a mouse.
import { COPY, expect, isAccessible, test } from "./app";

test("keys go to the canvas after a flow opens, a box is added, a dialog or the panel closes", async ({
  app,
  page,
}) => {
  await app.tutti.start("");
  await app.tutti.call("/flows", { name: "keys" });
  await app.show("keys");
  await expect(app.canvas).toBeFocused();
  for (const typed of ["getfile=/tmp/x", "decode"]) {
    await page.keyboard.press("a");
    await page.keyboard.type(typed);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(app.canvas).toBeFocused();
  }
  await page.keyboard.press("ArrowLeft");
  await expect(app.node("Get file")).toHaveClass(/selected/);
  // Into its fields, and back with Escape, which takes back what was typed.
  const field = page.getByRole("textbox", { name: "Directory" });
  await page.keyboard.press("Enter");
  await expect(field).toBeFocused();
  await page.keyboard.type("y");
  await page.keyboard.press("Escape");
  await expect(field).toHaveValue("/tmp/x");
  await expect(app.canvas).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(app.node("Decode audio")).toHaveClass(/selected/);
  for (const [key, name] of [
    ["?", "Shortcuts"],
    ["p", "Parameters"],
    ["Control+Enter", "Review and apply"],
    ["F2", "Rename “Decode audio”"],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole("dialog", { name })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(app.canvas).toBeFocused();
  }
  // Also where a mouse has opened it; and who came by keys goes on where they were.
  const bin = page.getByRole("banner").getByRole("button", { name: "Trash" });
  await bin.click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(app.canvas).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await bin.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(bin).toBeFocused();
  // The panel closes with the focus in it.
  const details = page.getByRole("complementary", { name: "Details" });
  await details.getByRole("button", { name: "Show or hide details" }).focus();
  await page.keyboard.press("Enter");
  await expect(details).toHaveCount(0);
  await expect(app.canvas).toBeFocused();
});

test("arrows and Enter are the canvas's when nothing has the focus, and it shows that it has it", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  const ring = () =>
    app.canvas.evaluate((each) => getComputedStyle(each, "::after").borderTopWidth);
  await page.keyboard.press("ArrowRight");
  await expect.poll(ring).toBe("2px");
  await page.evaluate(() => {
    (document.activeElement as HTMLElement).blur();
  });
  await expect(page.locator("body")).toBeFocused();
  await expect.poll(ring).toBe("0px");
  await page.keyboard.press("ArrowRight");
  await expect(app.node("Put")).toHaveClass(/selected/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Directory" })).toBeFocused();
  // In a field they are the field's.
  await page.keyboard.press("ArrowLeft");
  await expect(app.node("Put")).toHaveClass(/selected/);
});

test("what can be added is one stop of Tab, with arrows from one to the next", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  const search = page.getByRole("searchbox", { name: "Search processors" });
  const item = (name: string) => page.getByRole("button", { name, exact: true });
  await expect(item("DecodeAudio")).toBeVisible();
  await page.keyboard.press("Shift+Tab");
  await expect(item("DecodeAudio")).toBeFocused();
  await isAccessible(app);
  await page.keyboard.press("ArrowDown");
  await expect(item("ExtractFeatures")).toBeFocused();
  await page.keyboard.press("End");
  await expect(item("Label")).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(item("Funnel")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(app.node("Funnel")).toHaveClass(/selected/);
  // It stays the stop.
  await page.keyboard.press("Tab");
  await expect(app.canvas).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(item("Funnel")).toBeFocused();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowUp");
  await expect(search).toBeFocused();
  await page.keyboard.type("hash");
  await page.keyboard.press("ArrowDown");
  await expect(item("HashContent")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(app.canvas).toBeFocused();
  // Who adds with the mouse goes on at the canvas.
  await item("HashContent").click();
  await expect(app.node("Hash content")).toHaveClass(/selected/);
  await expect(app.canvas).toBeFocused();
});

test("the review is opened from a field, too, and knows what was typed there", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  await app.node("Get").click();
  for (const [field, typed] of [
    ["File Filter", "typed"],
    ["Path Filter", "more"],
  ] as const) {
    await page.getByRole("textbox", { name: field }).fill(typed);
    await page.keyboard.press("Control+Enter");
    const review = page.getByRole("dialog", { name: "Review and apply" });
    await expect(review.getByText(typed, { exact: true })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(review).toHaveCount(0);
  }
  await page.getByRole("tab", { name: "Settings" }).click();
  await page.getByRole("textbox", { name: "Description" }).fill("of several lines");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("dialog")).toContainText("of several lines");
  await expect
    .poll(async () => (await app.draft("copy")).flow.processors?.Get)
    .toMatchObject({ description: "of several lines" });
});
