// Wires between what does not go together, and what a processor says before it runs.
import { expect, isAccessible, test } from "./app";

const FLOW = {
  format: 1,
  name: "typed",
  processors: {
    Get: { type: "GetFile", properties: { Directory: "DIR/in" } },
    Decode: { type: "DecodeAudio", autoTerminate: ["failure", "success"] },
    Read: {
      type: "EvaluateJsonPath",
      properties: { Destination: "flowfile-attribute", tempo: "$.tempo" },
      autoTerminate: ["failure", "matched", "unmatched"],
    },
  },
  connections: [
    { from: "Get", relationships: ["success"], to: "Decode" },
    { from: "Get", relationships: ["success"], to: "Read" },
  ],
};

test("a wire that brings only what cannot be read is refused, and one click mends it", async ({
  app,
  page,
}) => {
  await app.open(FLOW);
  await app.node("Decode").click();
  await page.keyboard.press("c");
  await page.keyboard.type("read");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "New connection" });
  await dialog.getByRole("button", { name: "Connect", exact: true }).click();
  const toast = page.locator(".toast", { hasText: "“Decode” does not go with “Read”" });
  await expect(toast).toContainText("audio/* of “Decode”");
  await expect(toast).toContainText("application/json");
  await isAccessible(app);
  expect((await app.draft("typed")).revision).toBe(1);
  await toast.getByRole("button", { name: "Put ExtractFeatures in between" }).click();
  await expect(app.node("Extract features")).toHaveClass(/selected/);
  await expect
    .poll(async () => Object.keys((await app.draft("typed")).flow.connections ?? {}))
    .toEqual(
      expect.arrayContaining([
        "Decode [success] -> Extract features",
        "Extract features [success] -> Read",
      ]),
    );
  const { revision } = await app.draft("typed");
  expect(revision).toBe(2);
  await page.getByRole("tab", { name: "Relationships" }).click();
  await page.getByRole("checkbox", { name: "End here" }).last().check();
  await expect.poll(async () => (await app.draft("typed")).findings).toEqual([]);
});

test("a wire that ends on nothing lists only what can work on what comes", async ({
  app,
  page,
}) => {
  await app.open(FLOW);
  await app.node("Decode").click();
  await page.keyboard.press("a");
  await page.keyboard.type("evaluatejson");
  const option = page.getByRole("option", { name: /^EvaluateJsonPath/ });
  const part = page.getByText("Does not fit behind “Decode”: added without a wire");
  // What does not fit is there for who looks for it, and says that it gets no wire.
  await expect(part).toBeVisible();
  await expect(option).toContainText("without a wire");
  await isAccessible(app);
  await page.keyboard.press("Escape");
  await app.node("Get").click();
  await page.keyboard.press("a");
  await page.keyboard.type("evaluatejson");
  await expect(option).toBeVisible();
  await expect(option).not.toContainText("without a wire");
  await page.keyboard.press("Escape");
  await app.node("Decode").click();
  await page.keyboard.press("a");
  await page.keyboard.type("evaluatejson");
  await expect(part).toBeVisible();
  const wires = Object.keys((await app.draft("typed")).flow.connections ?? {});
  await page.keyboard.press("Enter");
  await expect(app.node("Evaluate json path")).toHaveClass(/selected/);
  await app.saved();
  expect(Object.keys((await app.draft("typed")).flow.connections ?? {})).toEqual(wires);
});

test("a value behind = is for a property that must be set, and never dropped unsaid", async ({
  app,
  page,
}) => {
  await app.open(FLOW);
  await app.canvas.focus();
  await page.keyboard.press("a");
  const field = page.getByRole("combobox", { name: "Add a processor" });
  await field.fill("=abc");
  await expect(page.locator(".picker-none")).toContainText("comes before the “=”");
  await expect(page.getByRole("option")).toHaveCount(0);
  await field.fill("funnel=5");
  await expect(page.getByRole("option", { name: /^Funnel/ })).toContainText("“5” is left out");
  await field.fill("putfile=/a/?b=c");
  await expect(page.getByRole("option").first()).toContainText("Directory = /a/?b=c");
  await field.fill("updateattribute=x");
  await expect(page.getByRole("option").first()).toContainText("“x” is left out");
  await page.keyboard.press("Enter");
  await expect(app.node("Update attribute")).toBeVisible();
  await app.saved();
  const added = (await app.draft("typed")).flow.processors?.["Update attribute"];
  expect(added).not.toHaveProperty("properties");
});

test("a processor is verified: what is in its way is told", async ({ app, page }) => {
  await app.open(FLOW);
  await app.node("Get").click();
  const verify = page.getByRole("button", { name: "Verify" });
  const checks = page.getByRole("list", { name: "What was tried out" });
  await verify.click();
  await expect(checks.getByRole("img", { name: "Passed" }).first()).toBeVisible();
  await expect(checks.getByRole("img", { name: "Failed" })).toHaveCount(0);
  await isAccessible(app);
  await page.getByRole("textbox", { name: "Directory", exact: true }).fill("/no/such/folder");
  // What is typed is what is tried, also when nobody has pressed Enter.
  await verify.click();
  await expect(checks.getByRole("img", { name: "Failed" }).first()).toBeVisible();
  await expect(checks).toContainText("/no/such/folder");
  await isAccessible(app);
  // Another value is another thing: what was seen of the old one is no longer shown.
  await page.getByRole("textbox", { name: "Directory", exact: true }).fill(app.tutti.path("in"));
  await page.keyboard.press("Enter");
  await expect(checks).toHaveCount(0);
});
