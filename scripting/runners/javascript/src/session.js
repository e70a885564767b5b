// A session: which flowfiles there are, and where they go. It has the names of the simple style
// and those of NiFi's ProcessSession.
import * as host from "./host.js";
import { FlowFile, finish, flowfileOf, flush, handleOf, isFlowFile } from "./flowfile.js";
import {
  ErrorClass,
  TypeErrorClass,
  create,
  defineProperty,
  freeze,
  isArray,
  ownKeys,
  push,
  splice,
} from "./primordials.js";
import { RolledBack } from "./errors.js";
import { attributeText, contentOf, countOf, kindOf, textOf } from "./values.js";

/** The host gives no more at once. */
const TAKEN_MAX = 1000;

let inner;

export class Session {
  #live = [];
  #ahead = [];
  #out = create(null);
  #known = create(null);
  #taken = 0;
  /** Those that wait for a flowfile to be counted on. */
  #counts = [];

  static {
    inner = {
      take: (session, most) => session.#take(most),
      ahead: (session, most) => {
        if (session.#ahead.length === 0 && most > 0) session.#ahead = session.#take(most);
        return session.#ahead.length;
      },
      taken: (session) => {
        const { length } = session.#ahead;
        const count = session.#taken;
        session.#taken = 0;
        return { count, left: length };
      },
      check: (session) => session.#check(),
      settle: (session) => session.#settle(),
    };
    delete Session.prototype.constructor;
  }

  // What both styles call.

  /** The next flowfile, or null; with a number, the next ones as a list. */
  get(most = undefined) {
    if (most === undefined) {
      const one = this.#ahead.length > 0 ? splice(this.#ahead, 0, 1)[0] : this.#take(1)[0];
      if (one === undefined) return null;
      this.#taken += 1;
      return one;
    }
    const count = countOf(most, "how many flowfiles are taken");
    const found = splice(this.#ahead, 0, count);
    while (found.length < count) {
      const wanted = count - found.length;
      const more = this.#take(wanted < TAKEN_MAX ? wanted : TAKEN_MAX);
      if (more.length === 0) break;
      for (let at = 0; at < more.length; at += 1) push(found, more[at]);
    }
    this.#taken += found.length;
    return javaList(found);
  }

  /** A flowfile without content, with the attributes of `parent`, or of several. */
  create(parent = undefined) {
    const parents =
      parent === undefined || parent === null ? [] : isArray(parent) ? parent : [parent];
    const handles = [];
    for (let at = 0; at < parents.length; at += 1) {
      push(handles, flush(flowfileOf(parents[at], "the parent")));
    }
    return this.#add(new FlowFile(host.create(handles), 0, undefined));
  }

  /** Another with the same attributes and content, or a part of that; no byte is copied. */
  clone(flowfile, offset = undefined, size = undefined) {
    const handle = flush(flowfileOf(flowfile, "what is cloned"));
    if (offset === undefined) {
      return this.#add(new FlowFile(host.clone(handle), undefined, undefined));
    }
    const made = this.create(flowfile);
    const target = made.writer();
    target.copyFrom(
      handle,
      countOf(offset, "offset"),
      size === undefined ? null : countOf(size, "size"),
    );
    target.close();
    return made;
  }

  /** Gives a flowfile, or each of a list, to a relationship. */
  transfer(flowfiles, relationship = "success") {
    const name = relationshipName(relationship);
    const list = isFlowFile(flowfiles) ? [flowfiles] : listOf(flowfiles);
    for (let at = 0; at < list.length; at += 1) {
      this.#send(flowfileOf(list[at], "what is transferred"), name);
    }
  }

  /** Lets a flowfile, or each of a list, end here. */
  remove(flowfiles) {
    const list = isFlowFile(flowfiles) ? [flowfiles] : listOf(flowfiles);
    for (let at = 0; at < list.length; at += 1) {
      const one = flowfileOf(list[at], "what is removed");
      host.remove([finish(one, "removed")]);
      this.#drop(one);
    }
  }

  penalize(flowfiles) {
    const list = isFlowFile(flowfiles) ? [flowfiles] : listOf(flowfiles);
    for (let at = 0; at < list.length; at += 1) {
      flowfileOf(list[at], "what is penalized").penalize();
    }
    return flowfiles;
  }

  /** Undoes all that this call did; what it took is tried again later. Ends the call. */
  rollback() {
    throw new RolledBack();
  }

  /** Adds to a counter of the processor. */
  count(name, amount = 1) {
    const text = textOf(name, "the name of a counter");
    if (typeof amount === "number" && amount < 0) {
      throw new TypeErrorClass(`counters only go up, and '${text}' was to go by ${amount}`);
    }
    const number = countOf(amount, `what is added to the counter '${text}'`);
    const handle = this.#anyHandle();
    if (handle === undefined) push(this.#counts, [text, number]);
    else host.count(handle, text, number);
  }

  // What NiFi's scripts call.

  /** Calls `callback` with the content's stream; without a callback gives the stream. */
  read(flowfile, callback = undefined) {
    const source = flowfileOf(flowfile, "what is read").stream();
    if (callback === undefined) return source;
    const process = processOf(callback);
    try {
      process(source);
    } finally {
      source.close();
    }
    return flowfile;
  }

  /** Calls `callback` with the content's stream and one for the new content, or that alone. */
  write(flowfile, callback = undefined) {
    const one = flowfileOf(flowfile, "what is written to");
    if (callback === undefined) return one.writer();
    if (typeof callback !== "function" && typeof callback?.process !== "function") {
      one.write(contentOf(callback));
      return one;
    }
    const process = processOf(callback);
    const both =
      callback.reads ?? (typeof callback === "function" ? callback : callback.process).length !== 1;
    const target = one.writer();
    if (both) {
      const source = one.stream();
      process(source, target);
      source.close();
    } else {
      process(target);
    }
    target.close();
    return one;
  }

  /** Calls `callback` with a stream to the end of the content. */
  append(flowfile, callback) {
    const one = flowfileOf(flowfile, "what is appended to");
    if (typeof callback !== "function" && typeof callback?.process !== "function") {
      one.append(callback);
      return one;
    }
    const target = one.writer(true);
    processOf(callback)(target);
    target.close();
    return one;
  }

  /** The contents of several, one after another, as the content of another. */
  merge(sources, destination, header = undefined, footer = undefined, between = undefined) {
    const target = flowfileOf(destination, "what is merged into").writer();
    const list = listOf(sources);
    if (header !== undefined && header !== null) target.write(header);
    for (let at = 0; at < list.length; at += 1) {
      if (at > 0 && between !== undefined && between !== null) target.write(between);
      target.copyFrom(handleOf(flowfileOf(list[at], "what is merged")));
    }
    if (footer !== undefined && footer !== null) target.write(footer);
    target.close();
    return destination;
  }

  putAttribute(flowfile, name, value) {
    const key = textOf(name, "the name of an attribute");
    if (value === undefined || value === null) {
      throw new TypeErrorClass(
        `the attribute '${key}' would be ${value}: ` + "session.removeAttribute removes one",
      );
    }
    flowfileOf(flowfile).attributes[key] = attributeText(value, key);
    return flowfile;
  }

  putAllAttributes(flowfile, attributes) {
    const values = attributes?.toObject?.() ?? attributes;
    if (typeof values !== "object" || values === null) {
      throw new TypeErrorClass(
        `putAllAttributes takes an object of names and values, and got ${kindOf(values)}`,
      );
    }
    const names = ownKeys(values);
    for (let at = 0; at < names.length; at += 1) {
      this.putAttribute(flowfile, names[at], values[names[at]]);
    }
    return flowfile;
  }

  removeAttribute(flowfile, name) {
    delete flowfileOf(flowfile).attributes[textOf(name, "the name of an attribute")];
    return flowfile;
  }

  removeAllAttributes(flowfile, names) {
    const list = listOf(names);
    for (let at = 0; at < list.length; at += 1) this.removeAttribute(flowfile, list[at]);
    return flowfile;
  }

  adjustCounter(name, amount) {
    this.count(name, amount);
  }

  /** What a script does counts when it has ended well, and not before. */
  commit() {}
  commitAsync() {}

  /** The engine records by itself what becomes of each flowfile. */
  getProvenanceReporter() {
    return provenance;
  }

  #take(most) {
    const items = host.get(most);
    const made = [];
    for (let at = 0; at < items.length; at += 1) {
      const { flowfile, size, attributes } = items[at];
      push(made, this.#add(new FlowFile(flowfile, size, attributes)));
    }
    return made;
  }

  /** The contract counts on a flowfile, whichever it is. */
  #anyHandle() {
    if (this.#live.length > 0) return handleOf(this.#live[0]);
    const names = ownKeys(this.#out);
    for (let at = 0; at < names.length; at += 1) {
      if (this.#out[names[at]].length > 0) return this.#out[names[at]][0];
    }
    return undefined;
  }

  #add(flowfile) {
    for (let at = 0; at < this.#counts.length; at += 1) {
      host.count(handleOf(flowfile), this.#counts[at][0], this.#counts[at][1]);
    }
    this.#counts = [];
    push(this.#live, flowfile);
    return flowfile;
  }

  #drop(flowfile) {
    // Mostly it is the first: they end in the order in which they came.
    const live = this.#live;
    for (let at = 0; at < live.length; at += 1) {
      if (live[at] === flowfile) {
        splice(live, at, 1);
        return;
      }
    }
  }

  #send(flowfile, name) {
    const handle = finish(flowfile, `transferred to ${name}`);
    this.#drop(flowfile);
    if (this.#known[name] !== true) {
      // At once, so that a name that nobody has is told where the script says it.
      host.transfer([handle], name);
      this.#known[name] = true;
      this.#out[name] = [];
      return;
    }
    push(this.#out[name], handle);
  }

  #settle() {
    const names = ownKeys(this.#out);
    for (let at = 0; at < names.length; at += 1) {
      const handles = this.#out[names[at]];
      if (handles.length === 0) continue;
      this.#out[names[at]] = [];
      host.transfer(handles, names[at]);
    }
  }

  /** That none was forgotten but those that nobody has asked for yet. */
  #check() {
    if (this.#counts.length > 0) {
      throw new ErrorClass(
        `the counter '${this.#counts[0][0]}' counts on a flowfile, and the session has none ` +
          "any more: count before the last one is transferred or removed",
      );
    }
    const count = this.#live.length - this.#ahead.length;
    if (count <= 0) return;
    let named = "";
    for (let at = 0; at < this.#live.length && at < 3; at += 1) {
      named += `${at > 0 ? ", " : ""}${this.#live[at].attributes.filename}`;
    }
    throw new ErrorClass(
      `${count} of the script's flowfiles came to no end (${named}): each is ` +
        "transferred, session.transfer(flowFile, REL_SUCCESS), or removed, " +
        "session.remove(flowFile)",
    );
  }
}
freeze(Session.prototype);

export const { take, ahead, taken, check, settle } = inner;

const quiet = () => {};
const provenance = freeze({
  create: quiet,
  receive: quiet,
  fetch: quiet,
  send: quiet,
  fork: quiet,
  join: quiet,
  clone: quiet,
  modifyContent: quiet,
  modifyAttributes: quiet,
  route: quiet,
  drop: quiet,
  expire: quiet,
  associate: quiet,
  replay: quiet,
  invokeRemoteProcess: quiet,
  upload: quiet,
  migrate: quiet,
});

function relationshipName(relationship) {
  if (typeof relationship === "string" && relationship !== "") {
    return textOf(relationship, "a relationship");
  }
  throw new TypeErrorClass(
    `a relationship is its name, such as 'success', or REL_SUCCESS or ` +
      `REL_FAILURE, and not ${kindOf(relationship)}`,
  );
}

/** A list of a script: an array, or what can be gone through. */
function listOf(value) {
  if (isArray(value)) return value;
  if (typeof value === "object" && value !== null && typeof value[Symbol.iterator] === "function") {
    return [...value];
  }
  return [value];
}

/** What is called of a callback: itself, or its `process`. */
function processOf(callback) {
  if (typeof callback === "function") return callback;
  const process = callback?.process;
  if (typeof process === "function") {
    return (...streams) => callback.process(...streams);
  }
  throw new TypeErrorClass(
    `a callback is a function, or an object with a method process, and not ${kindOf(callback)}`,
  );
}

const hidden = (target, name, value) =>
  defineProperty(target, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  });

/** An array with what Java's lists are asked. */
export function javaList(list) {
  hidden(list, "size", () => list.length);
  hidden(list, "isEmpty", () => list.length === 0);
  hidden(list, "get", (at) => list[at]);
  hidden(list, "add", (value) => {
    push(list, value);
    return true;
  });
  hidden(list, "contains", (value) => list.includes(value));
  return list;
}
