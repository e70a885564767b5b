// Boxes may be called as what every object of JavaScript has: they are drawn, edited and copied as
// all others.
import { expect, test } from "./app";

const NAMES = ["constructor", "hasOwnProperty", "toString", "valueOf"];
const LOG = { type: "LogAttribute", autoTerminate: ["success"] };

/** `__proto__` can be a member only where it is not assigned. */
const processors: Record<string, object> = Object.fromEntries<object>([
  ["Make", { type: "GenerateFlowFile", schedule: { period: "1 h" } }],
  ...NAMES.map((name) => [name, LOG] as const),
  ["__proto__", LOG] as const,
]);

test("boxes called as members of objects are drawn, edited and copied", async ({ app, page }) => {
  const all = [...NAMES, "__proto__"];
  await page.setViewportSize({ width: 1280, height: 1200 });
  await app.open({
    format: 1,
    name: "odd",
    processors,
    connections: all.map((to) => ({ from: "Make", relationships: ["success"], to })),
  } as never);
  const places = new Set<string>();
  for (const name of ["Make", ...all]) {
    await expect(app.node(name)).toBeVisible();
    const box = await app.node(name).boundingBox();
    places.add(`${String(box?.x)} ${String(box?.y)}`);
  }
  expect(places.size).toBe(all.length + 1);
  for (const name of all) await expect(app.chip(`Make [success] -> ${name}`)).toBeVisible();
  for (const name of ["constructor", "__proto__"]) {
    await app.node(name).click();
    await page.getByRole("tab", { name: "Properties" }).click();
    await page.getByRole("combobox", { name: "Log Level" }).selectOption("warn");
    await app.saved();
    const { flow } = await app.draft("odd");
    const found = Object.entries(flow.processors ?? {}).find(([each]) => each === name)?.[1];
    expect(found?.properties).toEqual({ "Log Level": "warn" });
  }
  await app.node("constructor").click();
  await expect(app.node("constructor")).toHaveClass(/selected/);
  await app.canvas.focus();
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Control+v");
  await expect(app.node("constructor 2")).toBeVisible();
});
