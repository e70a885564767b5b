// A flow, and what opens over it.
import { existsSync, writeFileSync } from "node:fs";
import type { Route } from "@playwright/test";
import { App, COPY, expect, NESTED } from "../e2e/app";
import { large } from "../e2e/many";
import { QUEUE, WAITING } from "../e2e/waiting";
import { CONTENTS } from "./contents";
import type { View } from "./views";

const SERVED = {
  ...NESTED,
  parameterContext: "main",
  parameterContexts: {
    main: { parameters: { out: { value: "DIR/out", description: "Where recordings go." } } },
  },
  services: { Map: { type: "StandardHttpContextMap" } },
};

/** Whatever opens with a key, over a flow that has one of each. */
function byKey(name: string, about: string, key: string): View {
  return {
    name,
    about,
    show: async (app) => {
      await app.open(SERVED);
      await app.canvas.focus();
      await app.page.keyboard.press(key);
      await app.page.getByRole("dialog").waitFor();
    },
  };
}

function tab(name: string, about: string, title?: string): View {
  return {
    name,
    about,
    show: async (app) => {
      await app.open(NESTED);
      await app.node("Route").click();
      if (title !== undefined) await app.page.getByRole("tab", { name: title }).click();
      await app.page.getByRole("tabpanel").waitFor();
    },
  };
}

async function copied(app: App): Promise<void> {
  await app.open(COPY);
  for (const name of ["a.txt", "b.txt", "c.txt"]) {
    writeFileSync(app.tutti.path(`in/${name}`), name);
    await expect.poll(() => existsSync(app.tutti.path(`out/${name}`))).toBe(true);
  }
}

async function described(app: App): Promise<void> {
  await app.open(COPY);
  await app.node("Get").click();
  await app.page.getByRole("textbox", { name: "File Filter" }).fill(".*\\.mp3");
  await app.page.keyboard.press("Enter");
  await app.saved();
}

/** A connection with flowfiles is removed, and what waited in it thrown away. */
async function thrownAway(app: App): Promise<void> {
  await app.open(WAITING);
  for (const name of ["a", "b"]) writeFileSync(app.tutti.path(`in/${name}.json`), "{}");
  await expect(app.chip(QUEUE)).toHaveAttribute("data-level", "full");
  await app.node("Put").click();
  await app.page.keyboard.press("Delete");
  await app.node("Know").click();
  await app.page.getByRole("tab", { name: "Relationships" }).click();
  const success = app.page.locator(".relationship", { hasText: "success" });
  await success.getByRole("checkbox", { name: "End here" }).check();
  await app.saved();
  await app.page.getByRole("button", { name: "Review & apply" }).click();
  const plan = app.page.getByRole("dialog");
  await plan.getByRole("checkbox", { name: /into the trash/ }).check();
  await plan.getByRole("button", { name: "Apply", exact: true }).click();
  await app.page.getByRole("button", { name: "Open the trash" }).click();
  await app.page.locator(".trash-item").first().waitFor();
}

const MEASURED = [
  ...["entered", "ended", "bytesRead", "bytesWritten"],
  ...["threads", "queued", "queuedBytes"],
];

/** An hour of figures, for which nobody waits. */
async function hourOf(route: Route): Promise<void> {
  const steps = Array.from({ length: 360 }, (_, at) => at);
  const curve = (name: string) => {
    const [size, phase] = [name.toLowerCase().includes("bytes") ? 4e6 : 40, name.length];
    return steps.map((at) =>
      Math.round(size * (1 + 0.5 * Math.sin(at / 40 + phase) + 0.2 * Math.sin(at / 7 + phase))),
    );
  };
  const series = Object.fromEntries(MEASURED.map((name) => [name, curve(name)]));
  await route.fulfill({ json: { stepSeconds: 10, untilMs: Date.now(), series } });
}

export const VIEWS: View[] = [
  {
    name: "canvas",
    about: "A flow on the canvas: groups, ports, a funnel and a label",
    show: (app) => app.open(NESTED),
  },
  {
    name: "canvas-empty",
    about: "A flow without anything in it",
    show: (app) => app.open({ format: 1, name: "empty" } as typeof COPY),
  },
  {
    name: "demo",
    about: "The demo, at work",
    show: async (app) => {
      await app.tutti.start("");
      await app.tutti.call("/demo", {});
      await app.show("demo");
      await app.page.getByRole("button", { name: "Start", exact: true }).click();
      const heard = app.chip("Pick up recordings [success] -> One at a time");
      await expect(heard.locator('[data-figure="queued"]')).toHaveText(/[12]/);
    },
  },
  {
    name: "group",
    about: "Inside of a group: its ports are what leads in and out",
    show: async (app) => {
      await app.open(NESTED);
      await app.show(NESTED.name, "/Storage");
      await app.node("Store").waitFor();
    },
  },
  {
    name: "several",
    about: "Several boxes, aligned and set at once",
    show: async (app) => {
      await app.open(NESTED);
      await app.canvas.focus();
      await app.page.keyboard.press("Control+a");
      await app.page.locator(".align-buttons").waitFor();
    },
  },
  {
    name: "canvas-far",
    about: "1,000 processors, from afar",
    show: async (app) => {
      const { flow, layout } = large();
      app.tutti.writeFlow(flow, layout);
      await app.tutti.start("large");
      await app.page.goto(`${app.tutti.url}/#/flows/large`);
      await app.page.locator("canvas.overview").waitFor({ timeout: 60_000 });
    },
  },
  {
    name: "queue",
    about: "A queue that is full holds back what is before it",
    show: async (app) => {
      await app.open(WAITING);
      for (const name of ["a", "b"]) writeFileSync(app.tutti.path(`in/${name}.json`), "{}");
      await expect(app.chip(QUEUE)).toHaveAttribute("data-level", "full");
    },
  },
  {
    name: "bulletins",
    about: "What went wrong, on the box and in the list",
    show: async (app) => {
      const flow = structuredClone(COPY);
      flow.processors.Put.properties.Directory = "DIR/copy.json/no";
      await app.open(flow);
      writeFileSync(app.tutti.path("in/a.txt"), "a");
      await app.page.getByRole("button", { name: /^Bulletins/ }).click();
      await app.page.locator(".rows .row").first().waitFor();
    },
  },
  {
    name: "problems",
    about: "What keeps a draft from being applied, at its place",
    show: async (app) => {
      const processors = { ...COPY.processors, Get: { type: "GetFile" } };
      await app.openFaulty({ ...COPY, processors } as typeof COPY);
      await app.page.getByRole("button", { name: /^Problems/ }).click();
      await app.node("Get").click();
      await app.page.locator(".rows .row").first().waitFor();
    },
  },
  {
    name: "palette",
    about: "All that can be added, found by what it is for",
    show: async (app) => {
      await app.open(NESTED);
      await app.page.locator(".palette .input").fill("audio");
      await app.page.locator(".palette-item").first().waitFor();
    },
  },
  {
    name: "quick-add",
    about: "A processor is added by a few letters",
    show: async (app) => {
      await app.open(NESTED);
      await app.page.keyboard.press("a");
      await app.page.keyboard.type("dec");
      await app.page.getByRole("option").first().waitFor();
    },
  },
  {
    name: "commands",
    about: "All commands, and all that is in the flow, by name",
    show: async (app) => {
      await app.open(NESTED);
      await app.page.keyboard.press("Control+k");
      await app.page.keyboard.type("st");
      await app.page.getByRole("option").first().waitFor();
    },
  },
  {
    name: "menu",
    about: "What can be done with a box",
    show: async (app) => {
      await app.open(NESTED);
      await app.node("Route").click({ button: "right" });
      await app.page.getByRole("menu").waitFor();
    },
  },
  tab("properties", "A processor and its properties"),
  tab("settings", "How a processor is scheduled and retried", "Settings"),
  tab("relationships", "Where the relationships of a processor lead", "Relationships"),
  tab("about", "What a processor is for", "About"),
  {
    name: "connection",
    about: "A connection, its back-pressure and its order",
    show: async (app) => {
      await app.open(NESTED);
      await app.chip("Get [success] -> Route").click();
      await app.page.locator(".panel").waitFor();
    },
  },
  {
    name: "verify",
    about: "What a processor needs is tried out before it runs",
    show: async (app) => {
      await app.open(COPY);
      await app.node("Get").click();
      await app.page.getByRole("button", { name: "Verify" }).click();
      await app.page.getByRole("img", { name: "Passed" }).first().waitFor();
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
  byKey("parameters", "Parameters, and who uses them", "p"),
  {
    name: "services",
    about: "The services of a flow",
    show: async (app) => {
      await app.open(SERVED);
      await app.canvas.focus();
      await app.page.keyboard.press("]");
      await app.page.locator(".service").waitFor();
    },
  },
  {
    name: "outline",
    about: "The same flow as a tree",
    show: async (app) => {
      await app.open(NESTED);
      await app.canvas.focus();
      await app.page.keyboard.press("3");
      await app.page.getByRole("tree", { name: "Outline" }).waitFor();
    },
  },
  {
    name: "plan",
    about: "What applying a draft would do",
    show: async (app) => {
      await described(app);
      await app.page.getByRole("button", { name: "Review & apply" }).click();
      await app.page.getByRole("dialog").getByRole("button", { name: "Apply" }).waitFor();
    },
  },
  {
    name: "conflict",
    about: "Two people set one field",
    show: async (app) => {
      await app.open(COPY);
      const path = ["processors", "Put", "description"];
      const theirs = async (after: string) => {
        const changes = [{ document: "flow", path, after }];
        await app.tutti.call("/flows/copy/operations", { label: "theirs", changes });
      };
      await app.page.route(
        "**/operations",
        async (route) => {
          await theirs("Keeps what has a tempo.");
          await route.continue();
        },
        { times: 1 },
      );
      await app.node("Put").click();
      await app.page.getByRole("tab", { name: "Settings" }).click();
      const field = app.page.getByRole("textbox", { name: "Description" });
      await field.fill("Keeps everything.");
      await field.blur();
      await app.page.getByRole("alert").first().waitFor();
    },
  },
  {
    name: "history",
    about: "What was changed, by whom, and how one goes back",
    show: async (app) => {
      await described(app);
      await app.page.getByRole("button", { name: "History of changes" }).click();
      await app.page.locator(".operation").first().waitFor();
    },
  },
  {
    name: "trash-empty",
    about: "The trash, with nothing in it",
    show: async (app) => {
      await app.open(COPY);
      await app.page.getByRole("banner").getByRole("button", { name: "Trash" }).click();
      await app.page.getByRole("dialog", { name: "Trash" }).waitFor();
    },
  },
  {
    name: "trash",
    about: "The trash, and the way back out of it",
    show: thrownAway,
  },
  {
    name: "figures",
    about: "Figures over time",
    show: async (app) => {
      await app.page.route(/\/history\?/, hourOf);
      await app.open(COPY);
      await app.page.getByRole("button", { name: "Figures", exact: true }).click();
      await app.page.getByRole("dialog").locator("canvas").first().waitFor();
    },
  },
  ...CONTENTS,
  {
    name: "provenance",
    about: "Provenance, with the lineage of one flowfile",
    show: async (app) => {
      await copied(app);
      await app.page.keyboard.press("v");
      await app.page.getByRole("tab", { name: "Lineage" }).click();
      await app.page.locator(".lineage-step").first().waitFor();
    },
  },
  {
    name: "replay",
    about: "A replay says first what would come",
    show: async (app) => {
      await copied(app);
      await app.page.keyboard.press("v");
      const drops = app.page.locator(".event-row", { hasText: "DROP" });
      await expect(drops).toHaveCount(3);
      for (const row of await drops.all()) await row.getByRole("checkbox").check();
      await app.page.getByRole("button", { name: "Replay 3…" }).click();
      await app.page.locator(".replay-row").first().waitFor();
    },
  },
  byKey("keys", "All shortcuts, which can be set", "?"),
];
