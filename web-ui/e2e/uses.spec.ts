// Who uses services and parameters.
import { expect, isAccessible, test } from "./app";

const FLOW = {
  format: 1,
  name: "uses",
  parameterContexts: { main: { parameters: { out: { value: "DIR/out" } } } },
  parameterContext: "main",
  services: { Map: { type: "StandardHttpContextMap" } },
  processors: {
    Take: {
      type: "HandleHttpRequest",
      properties: { "HTTP Context Map": "Map", "Listening Port": "0" },
      state: "disabled",
    },
  },
  connections: [{ from: "Take", relationships: ["success"], to: "Answers/In" }],
  groups: {
    Answers: {
      inputPorts: { In: {} },
      processors: {
        Keep: {
          type: "PutFile",
          properties: { Directory: "#{out}" },
          autoTerminate: ["failure"],
        },
        Answer: {
          type: "HandleHttpResponse",
          properties: { "HTTP Context Map": "Map", "HTTP Status Code": "200" },
          autoTerminate: ["failure", "success"],
        },
      },
      connections: [
        { from: "In", to: "Keep" },
        { from: "Keep", relationships: ["success"], to: "Answer" },
      ],
    },
  },
};

test("a service says who uses it, leads there, and is not removed unseen", async ({
  app,
  page,
}) => {
  await app.open(FLOW);
  await page.keyboard.press("]");
  const service = page.locator(".service");
  await expect(service).toContainText("used 2 times");
  await service.getByRole("button", { name: "Map StandardHttpContextMap" }).click();
  const uses = service.getByRole("list", { name: "Used by" });
  await expect(uses.getByRole("listitem")).toHaveText([
    "TakeHTTP Context Map",
    "Answers/AnswerHTTP Context Map",
  ]);
  await isAccessible(app);
  await service.getByRole("button", { name: "Delete Map" }).click();
  const dialog = page.getByRole("dialog", { name: "“Map” is used" });
  await expect(dialog).toContainText("Answers/Answer");
  await isAccessible(app);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  expect((await app.draft("uses")).flow.services).toHaveProperty("Map");
  await uses.getByRole("button", { name: /Answers\/Answer/ }).click();
  await expect(app.node("Answer")).toHaveClass(/selected/);
  await expect(app.node("Answer")).toBeInViewport();
  await expect(page.locator(".panel h2")).toHaveText("Answer");
  await page.getByRole("navigation", { name: "Where you are" }).getByText("uses").click();
  await service.getByRole("button", { name: "Delete Map" }).click();
  await dialog.getByRole("button", { name: "Delete all the same" }).click();
  await expect
    .poll(async () => Object.keys((await app.draft("uses")).flow.services ?? {}))
    .toEqual([]);
});

test("a parameter says who uses it, and leads there", async ({ app, page }) => {
  await app.open(FLOW);
  await page.keyboard.press("p");
  const dialog = page.getByRole("dialog", { name: "Parameters" });
  await dialog.locator(".parameter").getByText("used 1 time", { exact: true }).click();
  await isAccessible(app);
  await dialog.getByRole("button", { name: "Delete out" }).click();
  const asking = page.getByRole("dialog", { name: "“out” is used" });
  await expect(asking).toContainText("Answers/Keep");
  await asking.getByRole("button", { name: "Cancel" }).click();
  await dialog.getByRole("button", { name: /Answers\/Keep/ }).click();
  await expect(dialog).toHaveCount(0);
  await expect(app.node("Keep")).toHaveClass(/selected/);
});
