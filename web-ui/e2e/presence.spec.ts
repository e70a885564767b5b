// Who else looks at a flow, and at what in it.
import { expect, isAccessible, NESTED, test } from "./app";

test("who else is here is seen, with what they look at, until they go", async ({
  app,
  page,
  browser,
}) => {
  await app.open(NESTED);
  const present = page.getByRole("list", { name: "Who else is here" });
  await expect(present).toHaveCount(0);
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(`${app.tutti.url}/#/flows/nested`);
  const somebody = present.getByRole("button", { name: "Somebody looks at nested" });
  await expect(somebody).toBeVisible();
  await expect(other.getByRole("list", { name: "Who else is here" })).toBeVisible();

  await other.locator('.react-flow__node[data-id="Route"]').click();
  const mark = app.node("Route").locator(".present-mark");
  await expect(mark).toHaveText("Somebody");
  // Their own page does not tell them of themselves.
  await expect(other.locator(".present-mark")).toHaveCount(0);
  await isAccessible(app);

  await other.goto(`${app.tutti.url}/#/flows/nested/Storage/Store`);
  await expect(mark).toHaveCount(0);
  await present.getByRole("button", { name: "Somebody looks at Storage/Store" }).click();
  await expect(app.node("Store").locator(".present-mark")).toBeVisible();

  // The only flow of a server is opened by the list of flows.
  await other.goto(`${app.tutti.url}/#/components`);
  await expect(present).toHaveCount(0);
  await other.goto(`${app.tutti.url}/#/flows/nested`);
  await expect(present).toBeVisible();
  await context.close();
  await expect(present).toHaveCount(0);
});
