// What settings may be is told under their fields, before anything is sent.
import { COPY, expect, isAccessible, test } from "./app";

test("a setting of no form is told under its field, is kept there, and is not sent", async ({
  app,
  page,
}) => {
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/operations") && request.method() === "POST") {
      sent.push(request.postData() ?? "");
    }
  });
  await app.open(COPY);
  const of = (name: string) => {
    const input = page.getByRole("textbox", { name, exact: true });
    return { input, field: page.locator(".field", { has: input }) };
  };
  const refuse = async (name: string, text: string, rule: string) => {
    const { input, field } = of(name);
    await input.fill(text);
    await expect(field).not.toContainText(rule);
    await input.press("Enter");
    await expect(field).toContainText(rule);
    await input.blur();
    await expect(input).toHaveValue(text);
    await expect(input).toHaveAttribute("aria-invalid", "true");
  };
  await app.chip("Get [success] -> Put").click();
  await refuse("Object threshold", "-5", "a whole number from 0");
  await refuse("Size threshold", "5", "as in “10 MB”");
  await refuse("Flowfile expiration", "soon", "as in “10 sec”");
  await isAccessible(app);
  await app.node("Get").click();
  await page.getByRole("tab", { name: "Settings" }).click();
  await refuse("Concurrent tasks", "0", "a whole number from 1 to 1,024");
  await refuse("Penalty duration", "5 bananas", "as in “10 sec”");
  await page.getByRole("combobox", { name: "Strategy" }).selectOption("cron");
  await refuse("CRON expression, second first", "every day", "six fields");
  await refuse("Time zone", "Rome", "as in “Europe/Rome”");
  expect(sent).toHaveLength(1);
  // What is right in the meantime is told no more, and taken; Escape takes back.
  const { input, field } = of("Concurrent tasks");
  await input.fill("4");
  await expect(field).not.toContainText("a whole number");
  await input.press("Enter");
  await of("Penalty duration").input.press("Escape");
  await expect(of("Penalty duration").input).toHaveValue("");
  await expect
    .poll(async () => (await app.draft("copy")).flow.processors?.Get)
    .toMatchObject({ concurrentTasks: 4 });
  // What only the server knows it says there, too.
  const cron = of("CRON expression, second first");
  await cron.input.fill("0 0 0 30 2 ?");
  await cron.input.press("Enter");
  await expect(cron.field).toContainText("never comes");
  await expect(cron.input).toHaveValue("0 0 0 30 2 ?");
  await expect(page.locator(".toast")).toHaveCount(0);
});
