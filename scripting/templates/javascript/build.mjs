// Builds the component: `node build.mjs OUTPUT.wasm`.
import { componentize } from "componentize-qjs";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const [output = "processor.wasm"] = process.argv.slice(2);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const { component } = await componentize({
  witPath: here("processor.wit"),
  world: "processor",
  jsSource: await readFile(here("processor.js"), "utf8"),
  sync: true,
  stubWasi: false,
});
await writeFile(output, component);
console.log(`${output}: ${component.length} bytes`);
