// A service that a processor needs is made where it is needed, and found by name.
import { COPY, expect, isAccessible, test } from "./app";

const FLOW = {
  ...COPY,
  processors: {
    ...COPY.processors,
    Take: {
      type: "HandleHttpRequest",
      properties: { "Listening Port": "0" },
      autoTerminate: ["success"],
      state: "disabled",
    },
  },
};

test("a property that needs a service makes one, sets it and opens it", async ({ app, page }) => {
  await app.openFaulty(FLOW);
  await app.node("Take").click();
  const field = page.getByRole("combobox", { name: "HTTP Context Map" });
  await expect(field.locator("optgroup option")).toHaveText(["New StandardHttpContextMap"]);
  await field.selectOption({ label: "New StandardHttpContextMap" });
  const service = page.locator(".service");
  const head = service.getByRole("button", { name: "StandardHttpContextMap" });
  await expect(head).toBeFocused();
  await expect(head).toHaveAttribute("aria-expanded", "true");
  await isAccessible(app);
  await app.saved();
  const { flow, findings } = await app.draft("copy");
  const [name = ""] = Object.keys(flow.services ?? {});
  expect(name).toBe("Standard http context map");
  expect(flow.processors?.Take?.properties).toMatchObject({ "HTTP Context Map": name });
  expect(findings.filter(({ message }) => message.includes("Context Map"))).toEqual([]);
  // The way back is in the list of who uses it; one step of undo takes both.
  await service.getByRole("button", { name: "Take HTTP Context Map" }).click();
  await expect(field).toHaveValue(name);
  await app.canvas.focus();
  await page.keyboard.press("Control+z");
  await expect(field).toHaveValue("");
  await app.saved();
  expect((await app.draft("copy")).flow).not.toHaveProperty("services");

  await page.keyboard.press("Control+k");
  await page.keyboard.type("controller");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "MapCache" })).toBeFocused();
});

test("a service says what it is doing, and can be switched off", async ({ app, page }) => {
  const flow = {
    ...COPY,
    services: { Seen: { type: "MapCache" }, Spare: { type: "MapCache" } },
    processors: {
      ...COPY.processors,
      Once: {
        type: "DetectDuplicate",
        properties: {
          "Distributed Cache Service": "Seen",
          "Cache Entry Identifier": "${filename}",
        },
        autoTerminate: ["duplicate", "failure"],
      },
    },
    connections: [
      { from: "Get", relationships: ["success"], to: "Once" },
      { from: "Once", relationships: ["non-duplicate"], to: "Put" },
    ],
  };
  await app.open(flow);
  await page.keyboard.press("]");
  const seen = page.locator('[data-service="Seen"]');
  const spare = page.locator('[data-service="Spare"]');
  await expect(seen.locator("[data-state]")).toHaveText("Enabled");
  await expect(spare.locator("[data-state]")).toHaveText("Enabled");
  await isAccessible(app);
  await spare.getByRole("button", { name: "Spare MapCache" }).click();
  await spare.getByRole("combobox", { name: "Takes part" }).selectOption("disabled");
  await app.saved();
  await page.keyboard.press("Control+Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Apply", exact: true }).click();
  await expect(spare.locator("[data-state]")).toHaveText("Disabled");
});
