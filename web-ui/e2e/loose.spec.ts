// What leads nowhere is ended with one key, and what is told of that is so.
import type { Route } from "@playwright/test";
import { COPY, expect, test } from "./app";

const OPEN = {
  ...COPY,
  processors: {
    Get: COPY.processors.Get,
    Put: { type: "PutFile", properties: { Directory: "DIR/out" } },
    More: { type: "PutFile", properties: { Directory: "DIR/out" } },
  },
};

test("of what is selected only, and what leads nowhere elsewhere is told", async ({
  app,
  page,
}) => {
  await app.openFaulty(OPEN);
  const ends = async () => {
    const { processors } = (await app.draft("copy")).flow;
    return [processors?.Put?.autoTerminate, processors?.More?.autoTerminate];
  };
  const both = ["failure", "success"];
  await app.node("Put").click();
  await page.keyboard.press("Shift+E");
  const told = page.locator(".toast").last();
  await expect(told).toContainText("2 relationships end here now");
  await expect(told).toContainText("Put: ");
  await expect(told).toContainText("2 others lead nowhere still");
  await expect.poll(ends).toEqual([both, undefined]);
  await page.keyboard.press("Shift+E");
  await expect(page.locator(".toast").last()).toContainText("Of what is selected nothing");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Shift+E");
  await expect.poll(ends).toEqual([both, both]);
});

test("nothing is told to have ended that was refused", async ({ app, page }) => {
  const clash = async (route: Route) => {
    await app.tutti.call("/flows/copy/operations", {
      label: "theirs",
      changes: [
        { document: "flow", path: ["processors", "Put", "autoTerminate"], after: ["success"] },
      ],
    });
    await route.continue();
  };
  await page.route("**/operations", clash, { times: 1 });
  await app.openFaulty(OPEN);
  await app.node("Put").click();
  await page.keyboard.press("Shift+E");
  await expect(page.getByRole("alert")).toContainText("Somebody changed the same");
  await expect(page.locator(".toast.info")).toHaveCount(0);
});
