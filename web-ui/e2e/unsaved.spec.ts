// What is done while the server does not take it.
import { COPY, expect, isAccessible, test } from "./app";

test("what cannot be sent is told since when, asked about before one leaves, and sent later", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  await app.node("Get").click();
  await page.route("**/operations", (route) => route.abort());
  const field = page.getByRole("textbox", { name: "File Filter" });
  await field.fill("mine");
  await page.keyboard.press("Enter");
  const told = page.locator(".topbar").getByRole("status");
  await expect(told).toContainText(/Nothing could be kept since \d\d:\d\d:\d\d, trying again/);
  await isAccessible(app);
  // Leaving the flow is no reason to give it up.
  await page.getByRole("link", { name: "Tutti: all flows" }).click();
  await expect(page.locator(".flow-card")).toHaveCount(1);
  let asked = "";
  page.once("dialog", (dialog) => {
    asked = dialog.type();
    void dialog.dismiss();
  });
  await page.evaluate(() => {
    location.reload();
  });
  await expect.poll(() => asked).toBe("beforeunload");
  await page.unroute("**/operations");
  await expect
    .poll(async () => (await app.draft("copy")).flow.processors?.Get?.properties, {
      timeout: 30_000,
    })
    .toMatchObject({ "File Filter": "mine" });
});
