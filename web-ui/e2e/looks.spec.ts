// What waits is looked at as what it is, also straight from a file, when nobody told its type.
import { writeFileSync } from "node:fs";
import { COPY, expect, isAccessible, test } from "./app";

/** One red pixel. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC",
  "base64",
);
const QUEUE = "Get [success] -> Put";

test("a picture, a table and text are seen as such without a type", async ({ app, page }) => {
  await app.open({
    ...COPY,
    processors: { ...COPY.processors, Put: { ...COPY.processors.Put, state: "disabled" } },
  } as typeof COPY);
  writeFileSync(app.tutti.path("in/dot.png"), PNG);
  writeFileSync(app.tutti.path("in/rows.csv"), "name,seconds\nmarch,61\npalace,30\n");
  writeFileSync(app.tutti.path("in/words.txt"), "only words");
  writeFileSync(app.tutti.path("in/data.json"), '{"tempo":[120,121]}');
  writeFileSync(app.tutti.path("in/noise.bin"), Buffer.from([0, 1, 2, 255, 254]));
  await expect(app.chip(QUEUE).locator('[data-figure="queued"]')).toHaveText("5");
  await app.chip(QUEUE).getByRole("button").click();
  const dialog = page.getByRole("dialog");
  const look = (name: string) => dialog.getByRole("button", { name }).click();
  await look("dot.png");
  const picture = dialog.getByRole("img", { name: "dot.png" });
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((each: HTMLImageElement) => each.naturalWidth)).toBe(1);
  await look("rows.csv");
  await expect(dialog.getByRole("columnheader", { name: "seconds" })).toBeVisible();
  await expect(dialog.getByRole("cell", { name: "palace" })).toBeVisible();
  await isAccessible(app);
  await dialog.getByRole("tab", { name: "Text" }).click();
  await expect(dialog.locator("pre")).toContainText("march,61");
  await look("words.txt");
  await expect(dialog.locator("pre")).toHaveText("only words");
  await look("data.json");
  await expect(dialog.locator("pre")).toContainText('"tempo": [');
  await look("noise.bin");
  await expect(dialog.locator(".hex")).toContainText("00 01 02 ff fe");
});
