import { writeFileSync } from "node:fs";
import { COPY, expect, isAccessible, test } from "./app";

test("a flow is made in the browser, drawn, applied, and then it runs", async ({ app, page }) => {
  await app.open(COPY);
  await page.getByRole("button", { name: "Other flows" }).click();
  await page.getByRole("menuitem", { name: "New flow" }).click();
  const dialog = page.getByRole("dialog", { name: "New flow" });
  const name = dialog.getByRole("textbox", { name: "Name" });
  await name.fill("copy");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).not.toBeEmpty();
  await name.fill("second");
  await page.keyboard.press("Enter");
  await expect(page.locator(".canvas-empty")).toBeVisible();
  await expect(page.getByText("not applied yet")).toBeVisible();
  await page.keyboard.press("a");
  await page.keyboard.type("generate");
  await page.keyboard.press("Enter");
  await expect(app.node("Generate flow file")).toBeVisible();
  await page.getByRole("tab", { name: "Relationships" }).click();
  await page.getByRole("checkbox", { name: "End here" }).check();
  await app.saved();
  await page.getByRole("button", { name: "Review & apply" }).click();
  await expect(page.getByRole("dialog")).toContainText("1 processor will start");
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  await expect(page.getByRole("button", { name: "Applied" })).toBeVisible();
  await expect(app.node("Generate flow file").locator(".node")).toHaveAttribute(
    "data-state",
    "running",
  );
  await page.getByRole("link", { name: "Tutti: all flows" }).click();
  await expect(page.locator(".flow-card")).toHaveCount(2);
  await page.locator(".flow-card", { hasText: "copy" }).click();
  await expect(app.node("Get")).toBeVisible();
});

test("the list says of each flow what it is doing", async ({ app, page }) => {
  const bad = {
    ...COPY,
    name: "bad",
    processors: { ...COPY.processors, Get: { type: "GetFile" } },
  };
  const waits = {
    ...COPY,
    name: "waits",
    processors: {
      Get: { type: "GetFile", properties: { Directory: "DIR/in" } },
      Put: { ...COPY.processors.Put, state: "disabled" },
    },
  };
  const lost = {
    ...COPY,
    name: "lost",
    processors: {
      Get: { type: "GetFile", properties: { Directory: "DIR/none" } },
      Put: COPY.processors.Put,
    },
  };
  app.tutti.writeFlow(bad);
  app.tutti.writeFlow(lost);
  await app.openFaulty(waits);
  writeFileSync(app.tutti.path("in/a.txt"), "a");
  await page.goto(`${app.tutti.url}/#/flows`);
  const card = (name: string) => page.locator(".flow-card", { hasText: name });
  await expect(card("bad")).toContainText("Does not run");
  await expect(card("waits")).toContainText("Running");
  await expect(card("waits")).toContainText("1 queued");
  await expect(card("lost")).toContainText("1 bulletin with an error");
  await isAccessible(app);
  // What changes is told by the server; nothing is asked for again and again.
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await app.tutti.call("/flows/waits/control", { action: "stop" });
  await expect(card("waits")).toContainText("Stopped");
  await app.tutti.call("/flows/waits/control", { action: "start" });
  await expect(card("waits")).toContainText("Running");
  writeFileSync(app.tutti.path("in/b.txt"), "b");
  await expect(card("waits")).toContainText("2 queued");
  expect(asked).toEqual([]);
  // Inside, nothing is called applied that does not run.
  await card("bad").click();
  const bar = page.getByRole("banner");
  await expect(bar).toContainText("does not run: 1 error");
  await expect(bar.getByRole("button", { name: "Applied" })).toHaveCount(0);
  await bar.getByRole("button", { name: "Review & apply" }).click();
  await expect(page.getByRole("dialog")).toContainText("1 error keeps the draft");
  await expect(page.getByRole("dialog")).not.toContainText("already this draft");
});
