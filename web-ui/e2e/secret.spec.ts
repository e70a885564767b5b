// A secret is given where a flow runs, and goes nowhere from there: neither with a copy, nor to the
// page, nor into provenance.
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { App, COPY, expect, test } from "./app";
import { Tutti } from "./server";

const SECRET = "correct horse battery";

/** As it goes over HTTP. */
const ENCODED = Buffer.from(`tutti:${SECRET}`).toString("base64");

/** A server that takes no password, and remembers what it was told. */
async function refusing(): Promise<{ url: string; told: string[]; end: () => void }> {
  const told: string[] = [];
  const server = createServer((request, response) => {
    if (request.headers.authorization !== undefined) told.push(request.headers.authorization);
    response.writeHead(401, { "www-authenticate": 'Basic realm="nobody"' }).end("no");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const end = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${String(port)}/`, told, end };
}

const flowTo = (url: string) => ({
  ...COPY,
  parameterContexts: { main: { parameters: { key: { sensitive: true } } } },
  parameterContext: "main",
  processors: {
    ...COPY.processors,
    Send: {
      type: "InvokeHTTP",
      properties: {
        "HTTP Method": "POST",
        "HTTP URL": url,
        "Request Username": "tutti",
        "Request Password": "#{key}",
      },
      autoTerminate: ["Failure", "No Retry", "Original", "Response", "Retry"],
    },
  },
  connections: [
    ...COPY.connections,
    { from: "Get", relationships: ["success"], to: "Send", backPressure: { count: 10 } },
  ],
});

test("a secret is in no copy and in nothing that the page gets; a copy is pasted elsewhere", async ({
  app,
  page,
  context,
}) => {
  const answers: Promise<string>[] = [];
  page.on("response", (response) => {
    const isStream = response.headers()["content-type"]?.startsWith("text/event-stream") === true;
    const isApi = response.url().includes("/api/v1") && !isStream;
    // What cannot be read might have it.
    if (isApi && response.status() !== 204) answers.push(response.text().catch(() => SECRET));
  });
  const server = await refusing();
  await app.open(flowTo(server.url), [`key=${SECRET}`]);
  writeFileSync(app.tutti.path("in/a.txt"), "a");
  // It is used for real.
  await expect.poll(() => server.told).toContain(`Basic ${ENCODED}`);
  const events = () => app.tutti.call<object>("/provenance?flow=copy");
  await expect.poll(async () => JSON.stringify(await events())).toContain('"Send"');
  await expect(app.node("Send").locator('[data-figure="in"]')).toHaveText("1");
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
  server.end();
  // Nor in what is told of what was sent, and what came back.
  for (const path of ["/provenance?flow=copy", "/flows/copy/status", "/flows/copy/draft"]) {
    answers.push(app.tutti.call<object>(path).then((each) => JSON.stringify(each)));
  }
  const all = await Promise.all(answers);
  expect(all.length).toBeGreaterThan(3);
  expect(all.filter((each) => each.includes(SECRET) || each.includes(ENCODED))).toEqual([]);
});
