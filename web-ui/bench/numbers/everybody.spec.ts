// Whether everybody can use the page: axe in all themes, and Lighthouse on each page.
import { writeFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { chromium, test, type Page } from "@playwright/test";
import { NESTED } from "../../e2e/app";
import { Tutti } from "../../e2e/server";
import { QUEUE, WAITING, wav } from "../../e2e/waiting";
import { freePort, Judge } from "./lighthouse";
import { tell, tellScore } from "./report";
import { withTutti } from "./serve";

test("for everybody", async ({ browser }) => {
  await withTutti(5, async (tutti, flow) => {
    for (const theme of ["light", "dark", "contrast"]) {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.addInitScript((name) => {
        localStorage.setItem("tutti.theme", name);
      }, theme);
      let grave = 0;
      for (const path of [`flows/${flow}/P0001`, "flows", "help"]) {
        await page.goto(`${tutti.url}/#/${path}`);
        await page.locator("h1, h2, .react-flow__node").first().waitFor();
        const { violations } = await new AxeBuilder({ page }).analyze();
        grave += violations.filter(
          ({ impact }) => impact === "serious" || impact === "critical",
        ).length;
      }
      tell(`serious findings of axe, ${theme}`, grave, "", 0);
      await context.close();
    }
  });
});

/** What is looked at: an address, and what is pressed or clicked there. */
const VIEWS: { name: string; at: string; keys?: string; open?: (page: Page) => Promise<void> }[] = [
  { name: "home", at: "flows" },
  { name: "a flow", at: "flows/nested" },
  { name: "a processor and its panel", at: "flows/nested/Route" },
  { name: "a group", at: "flows/nested/Storage" },
  { name: "help", at: "help" },
  { name: "a page of the manual", at: "help/expression-language" },
  { name: "a processor's page", at: "help/processors/GetFile" },
  { name: "the API", at: "help/api" },
  { name: "components", at: "components" },
  { name: "shortcuts", at: "flows/nested", keys: "?" },
  { name: "commands", at: "flows/nested", keys: "Control+k" },
  { name: "quick add", at: "flows/nested", keys: "a" },
  { name: "provenance", at: "flows/nested", keys: "v" },
  { name: "history", at: "flows/nested", keys: "Shift+h" },
  { name: "trash", at: "flows/nested", keys: "Shift+t" },
  { name: "renaming", at: "flows/nested/Get", keys: "F2" },
  {
    name: "an expression",
    at: "flows/nested/Route",
    open: (page) => page.getByRole("button", { name: "Edit the expression of large" }).click(),
  },
  {
    name: "a queue and its player",
    at: "flows/copy",
    open: async (page) => {
      await page.locator(`.chip[data-path="${QUEUE}"]`).getByRole("button").click();
      await page.getByRole("dialog").getByRole("slider").waitFor();
    },
  },
];

test("for everybody, as Lighthouse sees it", async ({ launchOptions }) => {
  const port = await freePort();
  const args = [...(launchOptions.args ?? []), `--remote-debugging-port=${String(port)}`];
  const browser = await chromium.launch({ ...launchOptions, args });
  const judge = await Judge.at(port);
  const scores = new Map<string, number>();
  const look = async (name: string, page: Page) => {
    await page.waitForTimeout(500);
    const { score, faults } = await judge.look();
    scores.set(name, score);
    for (const fault of faults) console.log(`${name}: ${fault}`);
    await page.close();
  };
  const open = new Tutti();
  const shut = new Tutti();
  try {
    open.writeFlow(NESTED);
    open.writeFlow(WAITING);
    writeFileSync(open.path("in/a.wav"), wav());
    await open.start(".");
    for (const { name, at, keys, open: more } of VIEWS) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(`${open.url}/#/${at}`);
      await page.locator("h1, h2, .react-flow__node").first().waitFor();
      if (keys !== undefined) await page.keyboard.press(keys);
      await more?.(page);
      await look(name, page);
    }
    shut.writeFlow(WAITING);
    shut.addUser("ann", "editor", "correct horse battery");
    await shut.start(WAITING.name);
    const page = await browser.newPage();
    await page.goto(shut.url);
    await page.getByLabel("Password").waitFor();
    await look("signing in", page);
  } finally {
    await open.end();
    await shut.end();
    await judge.end();
    await browser.close();
  }
  for (const [name, score] of scores) if (score < 100) console.log(`${name}: ${String(score)}`);
  const count = String(scores.size);
  tellScore(
    `accessibility by Lighthouse, the least of ${count}`,
    Math.min(...scores.values()),
    100,
  );
});
