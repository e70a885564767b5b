// Makes the lists for completion in scripts: `npm run stubs`. With `--check` it says whether those
// that are there are what it would make.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { javascriptLists } from "./javascript.mjs";
import { written } from "./lists.mjs";
import { pythonLists } from "./python.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const made = { python: pythonLists(root), javascript: javascriptLists(root) };
for (const [name, lists] of Object.entries(made)) {
  const file = new URL(`../src/script/stubs/${name}.json`, import.meta.url);
  const text = written(lists);
  if (!process.argv.includes("--check")) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) {
    console.error(`src/script/stubs/${name}.json is not what the stubs say: npm run stubs`);
    process.exitCode = 1;
  }
}
