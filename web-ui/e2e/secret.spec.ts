// A secret is given where a flow runs, and goes nowhere from there: neither with a copy, nor to the
// page, nor into provenance.
import { writeFileSync } from "node:fs";
import { App, COPY, expect, test } from "./app";
import { Tutti } from "./server";

const SECRET = "correct horse battery";

const FLOW = {
  ...COPY,
  parameterContexts: { main: { parameters: { key: { sensitive: true } } } },
  parameterContext: "main",
  processors: {
    ...COPY.processors,
    Send: {
      type: "InvokeHTTP",
      properties: {
        "HTTP Method": "POST",
        "HTTP URL": "http://127.0.0.1:9/",
        "Request Username": "tutti",
        "Request Password": "#{key}",
      },
      autoTerminate: ["Failure", "No Retry", "Original", "Response", "Retry"],
      state: "disabled",
    },
  },
  connections: [
    ...COPY.connections,
    { from: "Get", relationships: ["success"], to: "Send", backPressure: { count: 10 } },
  ],
};

test("a secret is in no copy and in nothing that the page gets; a copy is pasted elsewhere", async ({
  app,
  page,
  context,
}) => {
  const answers: Promise<string>[] = [];
  page.on("response", (response) => {
    const isStream = response.headers()["content-type"]?.startsWith("text/event-stream") === true;
    const isApi = response.url().includes("/api/v1") && !isStream;
    if (isApi) answers.push(response.text().catch(() => ""));
  });
  await app.open(FLOW, [`key=${SECRET}`]);
  writeFileSync(app.tutti.path("in/a.txt"), "a");
  await expect(app.chip("Get [success] -> Send").locator('[data-figure="queued"]')).toHaveText("1");
  const events = () => app.tutti.call<object>("/provenance?flow=copy");
  await expect.poll(async () => JSON.stringify(await events())).toContain("a.txt");
  await app.node("Send").click();
  await expect(page.locator(".panel h2")).toHaveText("Send");
  await expect(page.locator(".panel")).toContainText("Request Password");
  await expect(page.locator("body")).not.toContainText(SECRET);
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+c");
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(copied).toContain("#{key}");
  expect(await copied()).not.toContain(SECRET);

  // Another server knows nothing of the first.
  const other = new App(new Tutti(), await context.newPage());
  try {
    await other.open({ ...COPY, name: "other" });
    await other.page.keyboard.press("Control+v");
    await expect(other.node("Send")).toBeVisible();
    await expect
      .poll(async () => Object.keys((await other.draft("other")).flow.processors ?? {}).sort())
      .toEqual(["Get", "Get 2", "Put", "Put 2", "Send"]);
    const { flow, findings } = await other.draft("other");
    expect(Object.keys(flow.connections ?? {})).toContain("Get 2 [success] -> Send");
    expect(flow.processors?.Send?.properties).toMatchObject({ "Request Password": "#{key}" });
    // It has no parameter of that name, and says so.
    expect(findings.map((each) => each.message)).toContain('there is no parameter "key"');
  } finally {
    await other.page.close();
    await other.tutti.end();
  }
  answers.push(events().then((each) => JSON.stringify(each)));
  const all = await Promise.all(answers);
  expect(all.length).toBeGreaterThan(3);
  expect(all.filter((each) => each.includes(SECRET))).toEqual([]);
});
