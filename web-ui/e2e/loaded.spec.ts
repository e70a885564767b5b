// What is fetched until a first view is seen, beside what it may be; the rest comes with its use.
import { expect, test } from "./app";
import { bytesOf, fetchedFor, FIRST_VIEWS, startWithFirstViews } from "./fetched";

const BYTES_MAX = 220_000;
/** As parts are named in the build: libraries and forms that no first view shows. */
const ON_USE =
  /^(?:MenuList|Selected|Player|ranks|Tip|HelpPage|ScriptField|python|javascript|\w+Dialog)-/;

for (const [name, view] of Object.entries(FIRST_VIEWS)) {
  test(`until it is seen, ${name} fetches at most 220 KB of scripts`, async ({ app, browser }) => {
    await startWithFirstViews(app.tutti);
    const scripts = await fetchedFor(browser, app.tutti, view);
    const told = [...scripts].map(([each, bytes]) => `${each} ${String(bytes)}`).join("\n");
    // Whatever cannot be counted is no success.
    expect(bytesOf(scripts), told).toBeGreaterThan(50_000);
    expect(bytesOf(scripts), told).toBeLessThanOrEqual(BYTES_MAX);
    expect([...scripts.keys()].filter((each) => ON_USE.test(each))).toEqual([]);
  });
}
