// The list of parameters: nothing is thrown away unasked, and what is refused stands where it was
// written.
import { COPY, expect, isAccessible, test, type App } from "./app";

const FLOW = {
  ...COPY,
  parameterContext: "main",
  parameterContexts: { main: { parameters: { filter: { value: ".*\\.wav" } } } },
};

async function filter(app: App): Promise<unknown> {
  const { main } = (await app.draft("copy")).flow
    .parameterContexts as unknown as typeof FLOW.parameterContexts;
  return main.parameters.filter;
}

test("a value is asked about before it becomes a secret", async ({ app, page }) => {
  await app.open(FLOW);
  await page.keyboard.press("p");
  const dialog = page.getByRole("dialog", { name: "Parameters" });
  const box = dialog.getByRole("checkbox", { name: "Sensitive" });
  const asked = dialog.getByRole("alert");
  await box.focus();
  await page.keyboard.press("Space");
  await expect(asked).toContainText("The value of “filter” is taken out of the flow");
  await isAccessible(app);
  expect(await filter(app)).toEqual({ value: ".*\\.wav" });
  await asked.getByRole("button", { name: "Cancel" }).click();
  await expect(asked).toHaveCount(0);
  await expect(box).not.toBeChecked();
  await expect(box).toBeFocused();
  expect(await filter(app)).toEqual({ value: ".*\\.wav" });
  await box.check();
  await asked.getByRole("button", { name: "Take it out" }).click();
  await expect.poll(() => filter(app)).toEqual({ sensitive: true });
  // As it was said.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Shift+H");
  await expect(page.getByRole("dialog", { name: "History of changes" })).toContainText("wav");
});

test("why a parameter is not added stands under its name", async ({ app, page }) => {
  // So low that what stands under it does not fit by itself.
  await page.setViewportSize({ width: 800, height: 400 });
  await app.open(FLOW);
  await page.keyboard.press("p");
  const dialog = page.getByRole("dialog", { name: "Parameters" });
  const name = dialog.getByRole("textbox", { name: "Name of a new parameter" });
  const told = dialog.getByRole("alert");
  await name.focus();
  await page.keyboard.press("Enter");
  await expect(told).toHaveText("Write a name");
  await name.fill("filter");
  await expect(told).toHaveText("There is a “filter” already");
  await name.fill("my secret!");
  await expect(told).toContainText("Letters from A to Z, digits, spaces");
  // Scrolling ends between two pixels.
  await expect(told).toBeInViewport({ ratio: 0.95 });
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await isAccessible(app);
  await dialog.getByRole("button", { name: "Add" }).first().click();
  await expect(name).toHaveValue("my secret!");
  await expect(page.locator(".toast")).toHaveCount(0);
  await name.fill("my secret");
  await expect(told).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(dialog.getByLabel("my secret", { exact: true })).toBeVisible();
});

for (const size of [
  { width: 1280, height: 800 },
  { width: 800, height: 600 },
]) {
  test(`what is refused lies over no field: ${String(size.width)}`, async ({ app, page }) => {
    await page.setViewportSize(size);
    await app.open(FLOW);
    await app.node("Get").click();
    const panel = page.getByRole("complementary", { name: "Details" });
    const field = panel.getByRole("textbox", { name: "Path Filter" });
    await field.fill("mine");
    const path = ["processors", "Get", "properties", "Path Filter"];
    await app.tutti.call("/flows/copy/operations", {
      label: "theirs",
      changes: [{ document: "flow", path, after: "theirs" }],
    });
    await expect(panel).toContainText("Somebody has set this to “theirs”");
    await page.keyboard.press("Enter");
    const toast = page.locator(".toast", { hasText: "Somebody changed the same" });
    await expect(toast.getByRole("button", { name: "Use mine" })).toBeVisible();
    const [told, beside] = [await toast.boundingBox(), await panel.boundingBox()];
    expect(told?.x).toBeGreaterThanOrEqual(0);
    expect((told?.x ?? 0) + (told?.width ?? 0)).toBeLessThanOrEqual(beside?.x ?? 0);
  });
}

test("who has made a context goes on with its parameters", async ({ app, page }) => {
  await app.open(COPY);
  await page.keyboard.press("p");
  const dialog = page.getByRole("dialog", { name: "Parameters" });
  await dialog.getByRole("textbox", { name: "Name of a new context" }).fill("main");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("textbox", { name: "Name of a new parameter" })).toBeFocused();
  await page.keyboard.type("input");
  await page.keyboard.press("Enter");
  await expect(dialog.getByLabel("input", { exact: true })).toBeVisible();
});

test("contexts inherit from each other, and one that is used is not removed unseen", async ({
  app,
  page,
}) => {
  const parameterContexts = {
    ...FLOW.parameterContexts,
    base: { parameters: { filter: { value: "base" }, depth: { value: "1" } } },
    more: { parameters: { depth: { value: "2" } } },
  };
  const flow = { ...FLOW, parameterContexts };
  await app.open(flow);
  await page.keyboard.press("p");
  const dialog = page.getByRole("dialog", { name: "Parameters" });
  const main = dialog.locator('[data-context="main"]');
  const inherited = main.getByRole("list", { name: "Inherits from" });
  const contexts = async () =>
    (await app.draft("copy")).flow.parameterContexts as Record<string, { inherits?: string[] }>;
  await main.getByRole("combobox", { name: "Inherit from" }).selectOption("base");
  await expect(inherited.getByRole("listitem")).toHaveText(["base"]);
  // What inherits from it already is not offered: that would be a circle.
  const offered = dialog.locator('[data-context="base"]').locator("option");
  await expect(offered).toHaveText(["Another context…", "more"]);
  await main.getByRole("combobox", { name: "Inherit from" }).selectOption("more");
  await expect(inherited.getByRole("listitem")).toHaveText(["base", "more"]);
  await main.getByRole("button", { name: "Look into more earlier" }).click();
  await expect(inherited.getByRole("listitem")).toHaveText(["more", "base"]);
  await expect.poll(async () => (await contexts()).main?.inherits).toEqual(["more", "base"]);
  await isAccessible(app);

  await dialog.getByRole("button", { name: "Delete base" }).click();
  const asked = page.getByRole("dialog", { name: "“base” is used" });
  await expect(asked.getByRole("listitem")).toHaveText(["mainInherits from"]);
  await asked.getByRole("button", { name: "Cancel" }).click();
  await main.getByRole("button", { name: "Inherit from base no more" }).click();
  await expect.poll(async () => (await contexts()).main?.inherits).toEqual(["more"]);
  await dialog.getByRole("button", { name: "Delete base" }).click();
  await expect(dialog.locator('[data-context="base"]')).toHaveCount(0);
  await expect.poll(async () => Object.keys(await contexts()).sort()).toEqual(["main", "more"]);

  await main.getByText("used 1 time").first().click();
  await main.getByRole("button", { name: "Flow Parameter context" }).click();
  await expect(page.getByRole("combobox", { name: "Parameter context" })).toHaveValue("main");
});
