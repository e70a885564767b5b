import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { COPY, expect, NESTED, test, type App } from "../e2e/app";
import { QUEUE, WAITING, wav } from "../e2e/waiting";

const OUT = process.env.SCREENSHOTS ?? new URL("../../docs/screenshots", import.meta.url).pathname;

interface View {
  name: string;
  /** What is to be seen. */
  about: string;
  show: (app: App) => Promise<void>;
}

const VIEWS: View[] = [
  {
    name: "canvas",
    about: "A flow on the canvas: groups, ports, a funnel and a label",
    show: async (app) => {
      await app.open(NESTED);
    },
  },
  {
    name: "queue",
    about: "What waits in a connection, on its label",
    show: async (app) => {
      await app.open({
        ...COPY,
        processors: { ...COPY.processors, Put: { ...COPY.processors.Put, state: "disabled" } },
      } as typeof COPY);
      for (const size of [399_000, 12_000]) {
        writeFileSync(app.tutti.path(`in/${String(size)}.bin`), Buffer.alloc(size));
      }
      await app.chip("Get [success] -> Put").getByText("2", { exact: true }).waitFor();
    },
  },
  {
    name: "provenance",
    about: "Provenance, with the lineage of one flowfile",
    show: async (app) => {
      await app.open(COPY);
      for (const name of ["a.txt", "b.txt", "c.txt"]) {
        writeFileSync(app.tutti.path(`in/${name}`), name);
        await expect.poll(() => existsSync(app.tutti.path(`out/${name}`))).toBe(true);
      }
      await app.page.keyboard.press("v");
      await app.page.getByRole("tab", { name: "Lineage" }).click();
      await app.page.locator(".lineage-step").first().waitFor();
    },
  },
  {
    name: "player",
    about: "A recording that waits, heard and seen",
    show: async (app) => {
      await listening(app);
      await app.chip(QUEUE).getByRole("button").click();
      await app.page.getByRole("slider").waitFor();
    },
  },
  {
    name: "wire",
    about: "A connection that is chosen: the space key plays what waits in it",
    show: async (app) => {
      await listening(app);
      await app.chip(QUEUE).locator(".chip-name").click();
      await app.page.getByRole("slider").waitFor();
    },
  },
  {
    name: "expression",
    about: "An expression, with proposals",
    show: async (app) => {
      await app.open(NESTED);
      await app.node("Route").click();
      await app.page.getByRole("button", { name: "Edit the expression of large" }).click();
      await expect(app.page.getByRole("textbox", { name: "Expression" })).toBeFocused();
      await app.page.keyboard.type("${fil");
      await app.page.locator(".cm-tooltip").waitFor();
    },
  },
  {
    name: "sign-in",
    about: "Signing in, where the server has users",
    show: async (app) => {
      await app.page.route("**/api/v1/session", (route) =>
        route.fulfill({ json: { user: null, needsLogin: true } }),
      );
      app.tutti.writeFlow(COPY);
      await app.tutti.start(COPY.name);
      await app.page.goto(app.tutti.url);
      await app.page.getByLabel("Password").waitFor();
    },
  },
];

async function listening(app: App): Promise<void> {
  await app.open(WAITING);
  writeFileSync(app.tutti.path("in/a.wav"), wav());
  await expect(app.chip(QUEUE).locator('[data-figure="queued"]')).toHaveText("1");
}

/** The page with all pictures. */
function page(): string {
  const parts = VIEWS.map(
    ({ name, about }) =>
      `## ${about}\n\n![light](screenshots/${name}-light.jpg)\n\n![dark](screenshots/${name}-dark.jpg)\n`,
  );
  const made = "Made by `npm run screenshots` in `web-ui`, with the real binary.";
  return `# Screenshots\n\n${made}\n\n${parts.join("\n")}`;
}

test("the page of all pictures", () => {
  if (process.env.SCREENSHOTS === undefined) writeFileSync(`${OUT}.md`, page());
});

for (const theme of ["light", "dark"]) {
  for (const { name, show } of VIEWS) {
    test(`${name} ${theme}`, async ({ app, page }) => {
      await page.addInitScript((chosen) => {
        localStorage.setItem("tutti.theme", chosen);
      }, theme);
      await show(app);
      await page.waitForTimeout(300);
      mkdirSync(OUT, { recursive: true });
      const path = `${OUT}/${name}-${theme}`;
      if (process.env.SCREENSHOTS === undefined) {
        await page.screenshot({ path: `${path}.jpg`, type: "jpeg", quality: 70 });
      } else {
        await page.screenshot({ path: `${path}.png` });
      }
    });
  }
}
