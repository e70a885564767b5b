// The component: what the host calls. Takes a script once, then runs it for every session.
import { compile } from "./compile.js";
import { install, protect, values } from "./environment.js";
import { defineDynamic } from "./context.js";
import { faultOf, setScript } from "./faults.js";
import { HostError, setRunning } from "./host.js";
import { Retry, RolledBack } from "./errors.js";
import { forget } from "./promise.js";
import { nifi } from "./nifi.js";
import { simple } from "./simple.js";

install(globalThis);

let run;
let used = false;

/** The world's `load`. */
export function load(name, script) {
  if (used) {
    // What that script has changed of the language would still be so for this one.
    throw {
      message: "this instance has had a script before: every script gets a fresh one",
      line: null,
      trace: "",
    };
  }
  used = true;
  try {
    setScript(name, script);
    protect(globalThis);
    defineDynamic(globalThis);
    const { process, processBatch, body, source } = compile(name, script, values);
    run = body === undefined ? simple({ process, processBatch }) : nifi(body, source);
  } catch (error) {
    throw faultOf(error);
  }
}

/** The world's `process`. */
export function process() {
  if (run === undefined) {
    throw { tag: "fatal", val: { message: "no script was loaded", line: null, trace: "" } };
  }
  try {
    forget();
    setRunning(true);
    run();
  } catch (error) {
    throw { tag: mayPass(error) ? "retry" : "fatal", val: faultOf(error) };
  } finally {
    setRunning(false);
  }
}

/** Whether it may go well later: what the script says so of, and a store that does not answer. */
function mayPass(error) {
  return (
    error instanceof Retry ||
    error instanceof RolledBack ||
    (error instanceof HostError && error.kind === "io")
  );
}
