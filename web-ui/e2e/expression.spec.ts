import { writeFileSync } from "node:fs";
import { COPY, expect, isAccessible, test } from "./app";

const FLOW = {
  ...COPY,
  processors: {
    Get: { type: "GetFile", properties: { Directory: "DIR/in" } },
    Name: { type: "UpdateAttribute", properties: { title: "${filename}" }, state: "disabled" },
    Put: COPY.processors.Put,
  },
  connections: [
    { from: "Get", relationships: ["success"], to: "Name" },
    { from: "Name", relationships: ["success"], to: "Put" },
  ],
};

const FUNCTIONS = [
  {
    name: "toUpper",
    subject: "string",
    arguments: [],
    returns: "string",
    description: "In capital letters.",
    example: "${filename:toUpper()}",
  },
  {
    name: "append",
    subject: "string",
    arguments: [{ name: "suffix", type: "string", optional: false }],
    returns: "string",
    description: "With more at its end.",
    example: null,
  },
];

test("an expression is written with proposals, and tried on what waits", async ({ app, page }) => {
  await page.route("**/expression-functions", (route) => route.fulfill({ json: FUNCTIONS }));
  await page.route("**/expressions", async (route) => {
    const { expression, attributes } = route.request().postDataJSON() as {
      expression: string;
      attributes: Record<string, string>;
    };
    const isWhole = expression !== "${fil}";
    await route.fulfill({
      json: isWhole
        ? { result: "value", value: `${attributes.filename ?? ""} by ${expression}` }
        : { result: "error", message: "there is no attribute of this name", start: 0, end: 2 },
    });
  });
  await app.open(FLOW);
  writeFileSync(app.tutti.path("in/song.wav"), "x");
  await expect(app.chip("Get [success] -> Name").locator('[data-figure="queued"]')).toHaveText("1");
  await app.node("Name").click();
  await page.getByRole("button", { name: "Edit the expression of title" }).click();
  const dialog = page.getByRole("dialog", { name: "Expression of title" });
  const editor = dialog.getByRole("textbox", { name: "Expression" });
  await expect(editor).toBeFocused();
  await expect(dialog.locator(".outcome")).toContainText("song.wav by ${filename}");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("${fil");
  await expect(dialog.locator(".outcome")).toContainText("Wrong at “${”: there is no attribute");
  await expect(dialog.getByRole("option", { name: /^filename/ })).toBeVisible();
  // Escape closes the proposals, not the dialog.
  await page.keyboard.press("Escape");
  await expect(dialog.locator(".cm-tooltip")).toHaveCount(0);
  await expect(editor).toBeVisible();
  await isAccessible(app);
  await page.keyboard.type("ename:to");
  await expect(dialog.getByRole("option", { name: /^toUpper/ })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(dialog.locator(".outcome")).toContainText("song.wav by ${filename:toUpper()}");
  await page.keyboard.press("Control+Enter");
  await expect(dialog).toHaveCount(0);
  await expect
    .poll(async () => (await app.draft("copy")).flow.processors?.Name?.properties)
    .toEqual({ title: "${filename:toUpper()}" });
});

test("a server that tries no expressions still lets them be written", async ({ app, page }) => {
  const gone = { status: 404, contentType: "application/problem+json", body: "{}" };
  await page.route("**/expression-functions", (route) => route.fulfill(gone));
  await page.route("**/expressions", (route) => route.fulfill(gone));
  await app.open(FLOW);
  await app.node("Name").click();
  await page.getByRole("button", { name: "Edit the expression of title" }).click();
  const dialog = page.getByRole("dialog", { name: "Expression of title" });
  await expect(dialog).toContainText("This server does not try expressions.");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("plain");
  await dialog.getByRole("button", { name: "Take over" }).click();
  await expect
    .poll(async () => (await app.draft("copy")).flow.processors?.Name?.properties)
    .toEqual({ title: "plain" });
});
