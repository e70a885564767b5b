// Builds the component: one module of all, and QuickJS around it.
// `node build.mjs OUTPUT.wasm`.
import { componentize } from "componentize-qjs";
import { build } from "esbuild";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** All files as one module; what the host gives stays an import. */
export async function bundle() {
  const {
    outputFiles: [file],
  } = await build({
    entryPoints: [here("src/runner.js")],
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    mainFields: ["module", "main"],
    external: ["tutti:processor/*"],
    minify: true,
    keepNames: false,
    legalComments: "none",
    write: false,
    charset: "ascii",
  });
  return file.text;
}

const [output = "javascript.wasm"] = process.argv.slice(2);
const jsSource = await bundle();
const { component } = await componentize({
  witPath: here("../../wit/processor.wit"),
  world: "script-runner",
  jsSource,
  // QuickJS asks WASI for the time. What else WASI has, the host does not give to scripts.
  sync: true,
  stubWasi: false,
});
await writeFile(output, component);
console.log(`${output}: ${component.length} bytes, of a module of ${jsSource.length}`);
