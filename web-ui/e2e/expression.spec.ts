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

test("an expression is written with proposals, and tried on what waits", async ({ app, page }) => {
  await app.open(FLOW);
  writeFileSync(app.tutti.path("in/song.wav"), "x");
  await expect(app.chip("Get [success] -> Name").locator('[data-figure="queued"]')).toHaveText("1");
  await app.node("Name").click();
  await page.getByRole("button", { name: "Edit the expression of title" }).click();
  const dialog = page.getByRole("dialog", { name: "Expression of title" });
  const editor = dialog.getByRole("textbox", { name: "Expression" });
  await expect(editor).toBeFocused();
  await expect(dialog.locator(".outcome")).toContainText("song.wav");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("${fil");
  await expect(dialog.locator(".outcome")).toContainText("an empty text");
  await expect(dialog.getByRole("option", { name: /^filename/ })).toBeVisible();
  // Escape closes the proposals, not the dialog.
  await page.keyboard.press("Escape");
  await expect(dialog.locator(".cm-tooltip")).toHaveCount(0);
  await expect(editor).toBeVisible();
  await isAccessible(app);
  await page.keyboard.type("ename:to");
  // Enter is a line of its own for a moment after the proposals come.
  await dialog.getByRole("option", { name: /^toUpper/ }).click();
  await expect(dialog.locator(".outcome")).toContainText("SONG.WAV");
  await page.keyboard.press("Control+Enter");
  await expect(dialog).toHaveCount(0);
  await expect
    .poll(async () => (await app.draft("copy")).flow.processors?.Name?.properties)
    .toEqual({ title: "${filename:toUpper()}" });
});
