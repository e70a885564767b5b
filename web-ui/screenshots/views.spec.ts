// Pictures of every view: the page docs/screenshots.md, or the whole matrix into a folder.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { isAccessible, test } from "../e2e/app";
import { VIEWS } from "./views";

const DOCS = new URL("../../docs/screenshots", import.meta.url).pathname;
/** Where the matrix goes: every view, in each theme and size. */
const MATRIX = process.env.SCREENSHOTS;
const THEMES = ["light", "dark", "contrast"];
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 800, height: 600 },
];
const TELEPHONE = { width: 390, height: 844 };
/** Where what moves has come to its place. */
const SETTLED_MS = 300;

/** Every other one is dark. */
function themeInDocs(index: number): string {
  return index % 2 === 0 ? "light" : "dark";
}

/** The page with all pictures. */
function page(): string {
  const parts = VIEWS.map(
    ({ name, about }, index) =>
      `## ${about}\n\n![${name}, ${themeInDocs(index)}](screenshots/${name}.jpg)\n`,
  );
  const made = "Made by `npm run screenshots` in `web-ui`, with the real binary.";
  return `# Screenshots\n\n${made}\n\n${parts.join("\n")}`;
}

if (MATRIX === undefined) {
  test("the page of all pictures", () => {
    mkdirSync(DOCS, { recursive: true });
    const known = new Set(VIEWS.map(({ name }) => `${name}.jpg`));
    // Those of other documents are PNG, and stay.
    const old = readdirSync(DOCS).filter((name) => name.endsWith(".jpg") && !known.has(name));
    for (const name of old) rmSync(`${DOCS}/${name}`);
    writeFileSync(`${DOCS}.md`, page());
  });
}

VIEWS.forEach(({ name, show, isSmallToo }, index) => {
  for (const theme of MATRIX === undefined ? [themeInDocs(index)] : THEMES) {
    test(`${name} ${theme}`, async ({ app, page }) => {
      await page.addInitScript((chosen) => {
        localStorage.setItem("tutti.theme", chosen);
      }, theme);
      await show(app);
      await page.waitForTimeout(SETTLED_MS);
      if (MATRIX === undefined) {
        await page.screenshot({ path: `${DOCS}/${name}.jpg`, type: "jpeg", quality: 70 });
        return;
      }
      for (const size of isSmallToo ? [...SIZES, TELEPHONE] : SIZES) {
        await page.setViewportSize(size);
        await page.waitForTimeout(SETTLED_MS);
        const file = `${name}-${theme}-${String(size.width)}.png`;
        await page.screenshot({ path: `${MATRIX}/${file}` });
      }
      await isAccessible(app);
    });
  }
});
