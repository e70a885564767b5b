// The pages beside a flow.
import { App, COPY, expect, NESTED } from "../e2e/app";
import type { View } from "./views";

async function home(app: App): Promise<void> {
  await app.tutti.start(".");
  await app.page.goto(`${app.tutti.url}/#/flows`);
}

async function page(app: App, path: string): Promise<void> {
  app.tutti.writeFlow(COPY);
  await app.tutti.start(".");
  await app.page.goto(`${app.tutti.url}/#/${path}`);
  await app.page.getByRole("heading").first().waitFor();
}

export const FIRST: View[] = [
  {
    name: "home-empty",
    about: "The first start, without a flow",
    isSmallToo: true,
    show: async (app) => {
      await home(app);
      await app.page.locator(".home-empty").waitFor();
    },
  },
  {
    name: "home",
    about: "All flows, and what each is doing",
    isSmallToo: true,
    show: async (app) => {
      const faulty = { ...COPY.processors, Get: { type: "GetFile" } };
      app.tutti.writeFlow({ ...COPY, name: "faulty", processors: faulty } as typeof COPY);
      app.tutti.writeFlow(NESTED);
      app.tutti.writeFlow(COPY);
      await home(app);
      await expect(app.page.locator(".flow-card")).toHaveCount(3);
      await app.page.locator(".flow-card", { hasText: "Running" }).first().waitFor();
    },
  },
  {
    name: "sign-in",
    about: "Signing in, where the server has users",
    isSmallToo: true,
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

export const LAST: View[] = [
  {
    name: "help",
    about: "The manual",
    isSmallToo: true,
    show: (app) => page(app, "help"),
  },
  {
    name: "help-search",
    about: "The manual, searched",
    isSmallToo: true,
    show: async (app) => {
      await page(app, "help");
      await app.page.getByRole("searchbox").fill("back-pressure");
      await app.page.locator(".help-hits a").first().waitFor();
    },
  },
  {
    name: "help-page",
    about: "A page of the manual",
    isSmallToo: true,
    show: async (app) => {
      await page(app, "help");
      await app.page.locator(".help-cards a").first().click();
      await app.page.locator(".help-document h2").first().waitFor();
    },
  },
  {
    name: "interface",
    about: "The HTTP interface, as the server tells it",
    isSmallToo: true,
    show: (app) => page(app, "help/api"),
  },
  {
    name: "components",
    about: "Buttons, fields and all else that views are made of",
    show: (app) => page(app, "components"),
  },
  {
    name: "gone",
    about: "An address that leads to no flow",
    show: async (app) => {
      await page(app, "flows/nobody");
      await app.page.getByRole("alert").waitFor();
    },
  },
  {
    name: "new-flow",
    about: "A new flow",
    show: async (app) => {
      await page(app, "flows");
      await app.page.getByRole("button", { name: "New flow" }).click();
      await app.page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "lost",
    about: "The server is gone: what is not kept yet, and what was told last",
    show: async (app) => {
      await app.open(NESTED);
      await app.node("Log").locator('[data-state="running"]').waitFor();
      await app.tutti.kill();
      await app.page.locator(".saved.lost").waitFor();
    },
  },
  {
    name: "delete",
    about: "A flow is deleted, and what waits in it is asked about",
    show: async (app) => {
      app.tutti.writeFlow({ ...COPY, name: "other" });
      await app.openFaulty(COPY);
      await app.page.getByRole("button", { name: "Other flows" }).click();
      await app.page.getByRole("menuitem", { name: "Delete flow…" }).click();
      await app.page.getByRole("dialog").waitFor();
    },
  },
];
