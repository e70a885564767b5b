// A hundred bad values: the command line, the server and the form say the same of each. (What is
// missing is shown as unfinished, and is not among them.)
import { expect, test } from "./app";
import table from "./bad-values.json" with { type: "json" };

interface Finding {
  message: string;
  severity: string;
  place: { path: string };
  element: { path: string } | null;
}

const nameOf = (row: number) => `Row ${String(row + 1)}`;

/** What is said of a property of a box. */
function saidOf(all: readonly Finding[], box: string, property: string): string[] {
  const ofBox = all.filter(
    ({ element, severity }) => element?.path === box && severity === "error",
  );
  const isMeant = ({ place, message }: Finding) =>
    place.path.includes(property) || message.includes(`"${property}"`);
  return ofBox.filter(isMeant).map(({ message }) => message);
}

test("a hundred bad values are told in the same words wherever one looks", async ({
  app,
  page,
}) => {
  test.setTimeout(180_000);
  expect(table).toHaveLength(100);
  const rows = table.map(({ type, properties }, row) => [nameOf(row), { type, properties }]);
  const flow = { format: 1, name: "bad", processors: Object.fromEntries(rows) as object };
  app.tutti.writeFlow(flow);
  await app.tutti.start(".");
  await page.goto(`${app.tutti.url}/#/flows/bad/${encodeURIComponent(nameOf(0))}`);
  const told = app.tutti.validate("bad.json") as unknown as Finding[];
  const { findings } = (await app.draft("bad")) as unknown as { findings: Finding[] };
  const panel = page.getByRole("complementary", { name: "Details" });
  for (const [row, { property }] of table.entries()) {
    const box = nameOf(row);
    const messages = saidOf(told, box, property);
    expect(messages.length, `${box} ${property}`).toBeGreaterThan(0);
    expect(saidOf(findings, box, property)).toEqual(messages);
    await page.evaluate(
      (hash) => {
        location.hash = hash;
      },
      `#/flows/bad/${encodeURIComponent(box)}`,
    );
    await expect(panel.locator("h2")).toHaveText(box);
    for (const message of messages) {
      await expect(panel.getByText(message, { exact: false }).first()).toBeAttached();
    }
  }
});
