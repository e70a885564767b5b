import { COPY, expect, NESTED, test } from "./app";

test("a property is set, checked by the server, and put back to its default", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  await app.node("Get").click();
  const field = page.getByRole("textbox", { name: "File Filter" });
  await field.fill("[");
  await field.press("Enter");
  await expect(page.locator(".field", { has: field }).locator(".field-findings")).toBeVisible();
  const { findings } = await app.draft("copy");
  await expect(page.locator(".field", { has: field })).toContainText(
    findings[0]?.message ?? "none",
  );
  await page
    .locator(".field", { has: field })
    .getByRole("button", { name: /Back to the default/ })
    .click();
  await expect
    .poll(async () => (await app.draft("copy")).flow.processors?.Get?.properties)
    .not.toHaveProperty("File Filter");
});

test("properties that depend on others come with them", async ({ app, page }) => {
  await app.open(COPY);
  await page.keyboard.press("a");
  await page.keyboard.type("decode");
  await page.keyboard.press("Enter");
  await expect(page.locator(".panel h2")).toHaveText("Decode audio");
  // What is not done yet takes one line.
  await expect(page.locator(".panel-findings")).toHaveText(
    "Not finished: leads nowhere: failure, success; nothing comes in",
  );
  await expect(page.getByLabel("Sample Format")).toHaveCount(0);
  await page.getByRole("combobox", { name: "Output", exact: true }).selectOption("WAV");
  await expect(page.getByLabel("Sample Format", { exact: true })).toBeVisible();
});

test("schedule, retry and back-pressure are set", async ({ app, page }) => {
  await app.open(COPY);
  await app.node("Put").click();
  await page.getByRole("tab", { name: "Settings" }).click();
  await page.getByRole("textbox", { name: "Concurrent tasks" }).fill("4");
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "Run schedule" }).fill("5 sec");
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: "Relationships" }).click();
  await page
    .locator(".relationship", { hasText: "failure" })
    .getByRole("checkbox", { name: "Try again" })
    .check();
  await page.getByRole("textbox", { name: "Attempts" }).fill("3");
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => (await app.draft("copy")).flow.processors?.Put)
    .toMatchObject({
      concurrentTasks: 4,
      schedule: { period: "5 sec" },
      retry: { relationships: ["failure"], attempts: 3 },
    });
  await app.chip("Get [success] -> Put").click();
  await page.getByRole("textbox", { name: "Object threshold" }).fill("100");
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => (await app.draft("copy")).flow.connections?.["Get [success] -> Put"])
    .toMatchObject({ backPressure: { count: 100 } });
  expect((await app.draft("copy")).findings).toEqual([]);
});

test("a relationship is named by a property, and ends here", async ({ app, page }) => {
  await app.open(NESTED);
  await app.node("Route").click();
  await page.getByRole("textbox", { name: "Name of a new property" }).fill("small");
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "small" }).fill("${fileSize:lt(5)}");
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: "Relationships" }).click();
  await page
    .locator(".relationship", { hasText: "small" })
    .getByRole("checkbox", { name: "End here" })
    .check();
  await expect
    .poll(async () => (await app.draft("nested")).flow.processors?.Route?.autoTerminate)
    .toEqual(["small", "unmatched"]);
  expect((await app.draft("nested")).findings).toEqual([]);
});

test("parameters and services are added and used", async ({ app, page }) => {
  // Also beside a processor of the service's name.
  const properties = { Directory: "DIR/out" };
  const same = { type: "GetFile", properties, autoTerminate: ["success"] };
  const processors = { ...COPY.processors, "Map cache": same };
  await app.open({ ...COPY, ...{ processors } });
  await page.keyboard.press("p");
  const dialog = page.getByRole("dialog", { name: "Parameters" });
  await dialog.getByRole("textbox", { name: "Name of a new context" }).fill("main");
  await page.keyboard.press("Enter");
  await dialog.getByRole("textbox", { name: "Name of a new parameter" }).fill("target");
  await page.keyboard.press("Enter");
  await expect(dialog.getByLabel("target", { exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("]");
  await page.getByRole("combobox", { name: "Parameter context" }).selectOption("main");
  await page.getByRole("button", { name: "MapCache" }).click();
  await expect(page.locator(".service-name")).toContainText("Map cache");
  await page.getByRole("button", { name: "MapCache" }).last().click();
  await expect(page.locator(".service-name").last()).toContainText("Map cache 2");
  await expect
    .poll(async () => Object.keys((await app.draft("copy")).flow.services ?? {}))
    .toEqual(["Map cache", "Map cache 2"]);
  await app.node("Put").click();
  await page
    .locator(".field", { has: page.getByRole("textbox", { name: "Directory", exact: true }) })
    .getByRole("button", { name: "Use a parameter" })
    .click();
  await page.getByRole("menuitem", { name: "#{target}" }).click();
  await expect
    .poll(async () => (await app.draft("copy")).flow.processors?.Put?.properties)
    .toMatchObject({ Directory: "#{target}" });
});
