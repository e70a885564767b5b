// The simple style: `function process(flowfile)`, whose result says what becomes of the flowfile.
import * as host from "./host.js";
import { Session, check, settle, take } from "./session.js";
import { endOf, isFlowFile } from "./flowfile.js";
import { drain, isPromise, settled, unhandledRejection } from "./promise.js";
import {
  ErrorClass,
  TypeErrorClass,
  exec,
  functionText,
  isArray,
  ownKeys,
  stringify,
  substring,
  StringOf,
} from "./primordials.js";
import { bytesIn, kindOf } from "./values.js";

/** So many are asked for at once. The host gives fewer to scripts that are slow. */
const AT_ONCE = 100;

/** What runs a script that defines `process` or `processBatch`. */
export function simple({ process, processBatch }) {
  if (processBatch !== undefined) {
    return () =>
      eachBatch((session, flowfiles) => {
        const given = settled(processBatch(session, flowfiles), "processBatch");
        if (given === undefined || given === null) return settleAll(session, flowfiles, undefined);
        if (!isArray(given) || given.length !== flowfiles.length) {
          throw new TypeErrorClass(
            `processBatch returned ${
              isArray(given) ? `${given.length} results` : kindOf(given)
            } for ${flowfiles.length} flowfiles: it ` +
              "returns nothing, or an array with one result for each",
          );
        }
        return settleAll(session, flowfiles, given);
      });
  }
  const first = exec(/^[^(]*\(?\s*([\w$]+)?/, functionText(process))?.[1];
  if (process.length > 2) {
    throw new TypeErrorClass(
      `process takes ${process.length} arguments: write ` +
        "function process(flowfile), or function process(session, flowfile)",
    );
  }
  if (process.length === 1 && first === "session") {
    return () => {
      const session = new Session();
      const given = settled(process(session), "process");
      if (given !== undefined && given !== null) {
        throw new TypeErrorClass(
          "process(session) returned something, and has no flowfile that " +
            "it would be for: transfer with session.transfer",
        );
      }
      end(session);
    };
  }
  const call =
    process.length === 2
      ? (session, flowfile) => process(session, flowfile)
      : (session, flowfile) => process(flowfile);
  return () =>
    eachBatch((session, flowfiles) => {
      for (let at = 0; at < flowfiles.length; at += 1) {
        let given = call(session, flowfiles[at]);
        if (given !== undefined || isPromise(given)) given = settled(given, "process");
        apply(session, flowfiles[at], given);
      }
    });
}

function eachBatch(run) {
  const session = new Session();
  for (;;) {
    const flowfiles = take(session, AT_ONCE);
    if (flowfiles.length === 0) break;
    run(session, flowfiles);
    end(session);
    if (host.shouldEnd()) break;
  }
}

/** What must be so when a script has done its part. */
export function end(session) {
  drain();
  const left = unhandledRejection();
  if (left !== undefined) throw left.reason;
  check(session);
  settle(session);
}

function settleAll(session, flowfiles, given) {
  for (let at = 0; at < flowfiles.length; at += 1) apply(session, flowfiles[at], given?.[at]);
}

/** Does with a flowfile what the script returned for it. */
function apply(session, flowfile, given) {
  if (endOf(flowfile) !== undefined) {
    if (given === undefined || given === null) return;
    throw new ErrorClass(
      `process returned ${shortly(given)} for a flowfile that it had ${endOf(
        flowfile,
      )} itself: it does the one or the other`,
    );
  }
  if (given === undefined || given === null) {
    session.transfer(flowfile, "success");
  } else if (isArray(given)) {
    // Several results are several flowfiles, made from the one, which ends here.
    for (let at = 0; at < given.length; at += 1) {
      const result = resultOf(given[at]);
      const made =
        result.content === undefined ? session.clone(flowfile) : session.create(flowfile);
      finish(session, made, result);
    }
    session.remove(flowfile);
  } else {
    finish(session, flowfile, resultOf(given));
  }
}

function finish(session, flowfile, { relationship, attributes, content }) {
  if (attributes !== undefined && attributes !== null) {
    if (typeof attributes !== "object" || isArray(attributes)) {
      throw new TypeErrorClass(
        `attributes must be an object of names and values, and is ${kindOf(attributes)}`,
      );
    }
    const target = flowfile.attributes;
    const names = ownKeys(attributes);
    for (let at = 0; at < names.length; at += 1) target[names[at]] = attributes[names[at]];
  }
  if (content !== undefined && content !== null) flowfile.write(content);
  session.transfer(flowfile, relationship ?? "success");
}

const nothing = { relationship: undefined, attributes: undefined, content: undefined };

/** What `process` returned, as relationship, attributes and content. */
function resultOf(given) {
  if (given === undefined || given === null) return nothing;
  if (typeof given === "string") return { ...nothing, relationship: given };
  if (bytesIn(given) !== undefined) return { ...nothing, content: given };
  if (isFlowFile(given)) {
    throw new TypeErrorClass(
      "process returned a flowfile: it returns nothing (the flowfile goes " +
        "to success), the name of a relationship, or { relationship, attributes, content }",
    );
  }
  if (typeof given === "object" && !isArray(given)) {
    const names = ownKeys(given);
    for (let at = 0; at < names.length; at += 1) {
      const name = names[at];
      if (name !== "relationship" && name !== "attributes" && name !== "content") {
        throw new TypeErrorClass(
          `process returned an object with '${StringOf(name)}': there are ` +
            "relationship, attributes and content. For attributes: return { attributes: {…} }; " +
            "for JSON as the content: return { content: {…} }",
        );
      }
    }
    return given;
  }
  throw new TypeErrorClass(
    `process returned ${shortly(given)}: it returns nothing (the flowfile ` +
      "goes to success), the name of a relationship, bytes (the new content), an object of " +
      "relationship, attributes and content, or an array of these",
  );
}

function shortly(value) {
  let text = kindOf(value);
  try {
    text = stringify(value) ?? text;
  } catch {
    // What cannot be written is named by its kind.
  }
  return text.length <= 60 ? text : `${substring(text, 0, 60)}…`;
}
