// What somebody else sets while one is typing: it is shown, asked about, and never overwritten unseen.
import type { Browser, Locator } from "@playwright/test";
import { App, COPY, expect, isAccessible, test, type Draft } from "./app";

const FLOW = {
  ...COPY,
  description: "Copies.",
  parameterContext: "main",
  parameterContexts: { main: { parameters: { target: { value: "a", description: "where" } } } },
  processors: {
    ...COPY.processors,
    Name: {
      type: "UpdateAttribute",
      properties: { title: "one" },
      description: "Names.",
      autoTerminate: ["success"],
    },
  },
  connections: [...COPY.connections, { from: "Get", relationships: ["success"], to: "Name" }],
};
const WIRE = "Get [success] -> Put";

/** Both look at the same; `other` is who is first. */
async function beside(app: App, browser: Browser): Promise<App> {
  const context = await browser.newContext();
  const other = new App(app.tutti, await context.newPage());
  await other.show("copy");
  return other;
}

interface Case {
  /** Opens the form in which the field is. */
  open: (app: App) => Promise<void>;
  field: (app: App) => Locator;
  theirs: string;
  mine: string;
  stored: (draft: Draft) => unknown;
}

const box = (name: string) => async (app: App) => {
  await app.node(name).click();
  await expect(app.page.locator(".panel h2")).toHaveText(name);
};
const settings = async (app: App) => {
  await box("Get")(app);
  await app.page.getByRole("tab", { name: "Settings" }).click();
};
const textbox = (name: string) => (app: App) =>
  app.page.getByRole("textbox", { name, exact: true }).first();

const CASES: Record<string, Case> = {
  "a property that had no value": {
    open: box("Get"),
    field: textbox("Path Filter"),
    ...{ theirs: "old", mine: "new" },
    stored: ({ flow }) =>
      (flow.processors?.Get?.properties as Record<string, string>)["Path Filter"],
  },
  "a property that a person named": {
    open: box("Name"),
    field: textbox("title"),
    ...{ theirs: "two", mine: "three" },
    stored: ({ flow }) => (flow.processors?.Name?.properties as Record<string, string>).title,
  },
  "a text of the settings": {
    open: settings,
    field: textbox("Run schedule"),
    ...{ theirs: "2 sec", mine: "3 sec" },
    stored: ({ flow }) => (flow.processors?.Get?.schedule as { period: string }).period,
  },
  "a number": {
    open: async (app) => {
      await app.chip(WIRE).click();
    },
    field: textbox("Object threshold"),
    ...{ theirs: "2", mine: "3" },
    stored: ({ flow }) =>
      String((flow.connections?.[WIRE]?.backPressure as { count: number }).count),
  },
  "the description of the flow": {
    open: async (app) => {
      await app.canvas.focus();
      await app.page.keyboard.press("]");
    },
    field: textbox("Description"),
    ...{ theirs: "Copies all.", mine: "Copies much." },
    stored: ({ flow }) => flow.description,
  },
  "a parameter": {
    open: async (app) => {
      await app.canvas.focus();
      await app.page.keyboard.press("p");
    },
    field: (app) => app.page.locator('[data-parameter="main:target"] input').first(),
    ...{ theirs: "b", mine: "c" },
    stored: ({ flow }) => {
      const { main } = flow.parameterContexts as unknown as typeof FLOW.parameterContexts;
      return main.parameters.target.value;
    },
  },
};

for (const [name, { open, field, theirs, mine, stored }] of Object.entries(CASES)) {
  test(`${name} that others set while one is typing is asked about`, async ({ app, browser }) => {
    await app.open(FLOW);
    const other = await beside(app, browser);
    await open(app);
    await open(other);
    await field(app).fill(mine);
    await field(other).fill(theirs);
    await field(other).press("Control+Enter");
    const note = app.page.getByText(`Somebody has set this to “${theirs}” meanwhile.`);
    await expect(note).toBeVisible();
    await expect(field(app)).toHaveValue(mine);
    await isAccessible(app);
    await field(app).press("Control+Enter");
    const toast = app.page.locator(".toast", { hasText: "Somebody changed the same" });
    await expect(toast).toContainText(theirs);
    await expect(note).toHaveCount(0);
    expect(stored(await app.draft("copy"))).toBe(theirs);
    await toast.getByRole("button", { name: "Use mine" }).click();
    await expect.poll(async () => stored(await app.draft("copy"))).toBe(mine);
    await expect(field(other)).toHaveValue(mine);
    await other.page.context().close();
  });
}

test("a choice and an expression are kept from others' changes as well", async ({
  app,
  page,
  browser,
}) => {
  await app.open(FLOW);
  const other = await beside(app, browser);
  await box("Put")(app);
  await box("Put")(other);
  const choice = ({ page: of }: App) =>
    of.getByRole("combobox", { name: "Conflict Resolution Strategy" });
  // The list is open; the browser's own cannot be looked into.
  await choice(app).dispatchEvent("pointerdown");
  await choice(other).selectOption("ignore");
  await expect(choice(app)).toHaveValue("ignore");
  await choice(app).selectOption("replace");
  const toast = page.locator(".toast", { hasText: "Somebody changed the same" });
  await toast.getByRole("button", { name: "Keep theirs" }).click();
  await expect(choice(app)).toHaveValue("ignore");
  await app.saved();
  const properties = async () =>
    (await app.draft("copy")).flow.processors?.Put?.properties as Record<string, string>;
  expect((await properties())["Conflict Resolution Strategy"]).toBe("ignore");

  await page.getByRole("button", { name: "Edit the expression of Directory" }).click();
  const dialog = page.getByRole("dialog", { name: "Expression of Directory" });
  await dialog.locator(".cm-content").fill("mine");
  await textbox("Directory")(other).fill("theirs");
  await other.page.keyboard.press("Enter");
  await expect(dialog.getByText("Somebody has set this to “theirs” meanwhile.")).toBeVisible();
  await dialog.getByRole("button", { name: "Take over" }).click();
  await expect(toast).toContainText("theirs");
  expect((await properties()).Directory).toBe("theirs");
  await other.page.context().close();
});

test("who has written nothing, or the same, is not asked", async ({ app, page, browser }) => {
  await app.open(FLOW);
  const other = await beside(app, browser);
  await box("Name")(app);
  await box("Name")(other);
  const field = textbox("title")(app);
  await field.fill("two");
  const set = async (value: string) => {
    await textbox("title")(other).fill(value);
    await other.page.keyboard.press("Enter");
    await other.saved();
  };
  await set("two");
  await expect(textbox("title")(other)).toHaveValue("two");
  await field.press("Enter");
  await field.fill("x");
  await field.fill("two");
  await set("three");
  await expect(page.getByText("Somebody has set this to “three” meanwhile.")).toBeVisible();
  await field.press("Enter");
  await expect(field).toHaveValue("three");
  await app.saved();
  await expect(page.locator(".toast")).toHaveCount(0);
  await other.page.context().close();
});
