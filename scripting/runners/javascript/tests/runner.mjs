// Starts the runner in a realm of its own, as each instance of the component has one, before a
// host in memory.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { makeHost } from "./host.mjs";

const entry = fileURLToPath(new URL("../src/runner.js", import.meta.url));

const {
  outputFiles: [file],
} = await build({
  entryPoints: [entry],
  bundle: true,
  format: "iife",
  globalName: "runner",
  write: false,
  platform: "neutral",
  target: "es2022",
  mainFields: ["module", "main"],
  plugins: [
    {
      name: "host",
      setup(setup) {
        setup.onResolve({ filter: /^tutti:/ }, ({ path }) => ({ path, namespace: "host" }));
        setup.onLoad({ filter: /.*/, namespace: "host" }, ({ path }) => ({
          contents: `module.exports = hostOfTests.${/\/(\w+)@/.exec(path)[1]}`,
          loader: "js",
        }));
      },
    },
  ],
});
const program = new vm.Script(file.text, { filename: "runner.js" });

/** `{ host, runner, run, fails }` for a script: `run()` is a session. */
export function start(script, options = {}) {
  const host = makeHost(options);
  const realm = vm.createContext({ hostOfTests: host });
  // Functions of the realm: a script that changes all that it reaches must not reach Node.
  vm.runInContext(
    `(b, a) => { globalThis.btoa = (text) => b(text);
    globalThis.atob = (text) => a(text); }`,
    realm,
  )(btoa, atob);
  program.runInContext(realm);
  const { runner } = realm;
  vm.runInContext("delete globalThis.hostOfTests", realm);
  const name = options.name ?? "script.js";
  runner.load(name, script);
  return { host, runner, realm, run: () => host.run(runner) };
}

/** The fault that loading a script ends with. */
export function loadFault(script, options = {}) {
  try {
    start(script, options);
  } catch (error) {
    if (typeof error.message === "string" && !(error instanceof Error)) return error;
    throw error;
  }
  throw new Error("the script was loaded");
}

/** The failure that a session of it ends with, as `{ tag, message, line, trace }`. */
export function failure(script, contents = ["x"], options = {}) {
  const started = start(script, options);
  for (const content of contents) started.host.add(content);
  try {
    started.run();
  } catch (error) {
    if (error.tag === undefined) throw error;
    return { tag: error.tag, ...error.val, host: started.host };
  }
  throw new Error("the session ended well");
}

/** What became of flowfiles with these contents. */
export function done(script, contents = ["x"], options = {}) {
  const { host, run } = start(script, options);
  for (const content of contents) host.add(content, options.attributes);
  run();
  return host;
}
