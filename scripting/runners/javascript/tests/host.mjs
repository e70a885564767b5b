// A host in memory, as the contract has it, for tests: flowfiles wait in `queue`, what became of
// them is in `done`. It refuses what the real one refuses, and is strict about types.

/** An `err` of the contract, as bindings throw it. */
function refused(tag, val) {
  const error = new Error(`${tag} (see error.payload)`);
  error.payload = { tag, val };
  return error;
}

function check(condition, text) {
  // The real bindings trap here, which ends the instance.
  if (condition) return;
  traps.push(text);
  throw new TrapError(text);
}

export class TrapError extends Error {}

/** All that would have trapped, for a script may catch what is thrown here. */
export const traps = [];

/** A list of the runner's realm, whose iteration a script may have replaced. */
function listOf(list) {
  check(Array.isArray(list), "not a list");
  const made = [];
  for (let at = 0; at < list.length; at += 1) made.push(list[at]);
  return made;
}

const text = (value, what) =>
  check(
    typeof value === "string" && value.isWellFormed(),
    `${what} is not a string that is well formed`,
  );
// Of any realm, for the runner has one of its own.
const { get: tagOf } = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
);
const bytes = (value, what) => check(tagOf.call(value) === "Uint8Array", `${what} is not bytes`);
const small = (value, what) =>
  check(Number.isInteger(value) && value >= 0 && value < 2 ** 31, `${what} is not a u32`);
const large = (value, what) =>
  check(
    typeof value === "bigint" || (Number.isSafeInteger(value) && value >= 0),
    `${what} is not a u64`,
  );

/** What the bindings of a component see; `u64` makes the numbers that they expect. */
export function makeHost({
  relationships = ["success", "failure"],
  properties = {},
  dynamic = [],
  u64 = Number,
  audio = {},
  limit = 1 << 26,
} = {}) {
  const host = {
    queue: [],
    done: [],
    removed: [],
    logs: [],
    counters: {},
    state: {},
    penalized: [],
    yielded: 0,
    properties,
    dynamic,
    end: false,
    live: new Set(),
    calls: [],
  };
  let session = 0;

  class Flowfile {
    #use() {
      check(this.own, "a handle that was given away");
      if (this.session !== session) throw refused("invalid", "a handle of an earlier session");
      return this;
    }
    size() {
      return u64(this.#use().content.length);
    }
    attribute(name) {
      text(name, "name");
      return this.#use().attributeMap.get(name) ?? undefined;
    }
    attributes() {
      return [...this.#use().attributeMap];
    }
    setAttributes(given, removed) {
      this.#use();
      const set = listOf(given).map(listOf);
      const remove = listOf(removed);
      for (const [name, value] of set) {
        text(name, "name");
        text(value, "value");
        if (name === "uuid") throw refused("invalid", "uuid cannot be changed");
      }
      for (const [name, value] of set) this.attributeMap.set(name, value);
      for (const name of remove) this.attributeMap.delete(name);
    }
    readAll(most) {
      large(most, "limit");
      const { content } = this.#use();
      if (content.length > Number(most)) {
        throw refused("limit", `the content has ${content.length} bytes, and ${most} may be read`);
      }
      return content.slice();
    }
    writeAll(content) {
      bytes(content, "content");
      if (content.length > limit) throw refused("limit", `a session writes at most ${limit} bytes`);
      this.#use().content = new Uint8Array(content);
    }
    read(offset) {
      large(offset, "offset");
      return new Reader(this.#use().content, Number(offset));
    }
    write(append) {
      check(typeof append === "boolean", "append is not a boolean");
      return new Writer(this.#use(), append ? [this.content] : []);
    }
    penalize() {
      host.penalized.push(this.#use());
    }
    [Symbol.dispose ?? Symbol.for("dispose")]() {
      this.own = false;
    }
  }

  class Reader {
    constructor(content, at) {
      Object.assign(this, { content, at });
    }
    next(max) {
      small(max, "max");
      const part = this.content.slice(this.at, this.at + Math.min(max, 1 << 20));
      this.at += part.length;
      return part;
    }
  }

  class Writer {
    constructor(flowfile, parts) {
      Object.assign(this, { flowfile, parts });
    }
    push(content) {
      bytes(content, "content");
      this.parts.push(new Uint8Array(content));
    }
    copyFrom(source, offset, length) {
      const part = source.content.slice(
        Number(offset),
        length == null ? undefined : Number(offset) + Number(length),
      );
      this.parts.push(part);
      return u64(part.length);
    }
    finish() {
      this.flowfile.content = new Uint8Array(Buffer.concat(this.parts));
    }
  }

  function flowfile(content, attributes) {
    const made = Object.assign(new Flowfile(), { content, session, own: true });
    made.attributeMap = new Map(attributes);
    host.live.add(made);
    return made;
  }

  function give(given, to) {
    const list = listOf(given);
    for (const one of list) {
      check(one instanceof Flowfile && one.own, "not a flowfile, or given away");
      if (one.session !== session) throw refused("invalid", "a handle of an earlier session");
    }
    for (const one of list) {
      one.own = false;
      host.live.delete(one);
      to(one);
    }
  }

  host.session = {
    get(max) {
      small(max, "max");
      return host.queue.splice(0, Math.min(max, 1000)).map(({ content, attributes }) => {
        const made = flowfile(content, Object.entries(attributes));
        return { flowfile: made, size: u64(content.length), attributes: made.attributes() };
      });
    },
    create(given) {
      const parents = listOf(given);
      check(
        parents.every((one) => one instanceof Flowfile),
        "not flowfiles",
      );
      const first = parents[0]?.attributeMap ?? new Map();
      const shared = [...first].filter(
        ([name, value]) =>
          name !== "uuid" && parents.every((one) => one.attributeMap.get(name) === value),
      );
      return flowfile(new Uint8Array(), [["uuid", `made-${host.live.size}`], ...shared]);
    },
    clone(parent) {
      return flowfile(parent.content, parent.attributeMap);
    },
    transfer(list, relationship) {
      text(relationship, "relationship");
      if (!relationships.includes(relationship)) {
        throw refused("unknown-relationship", relationship);
      }
      give(list, (one) =>
        host.done.push({
          relationship,
          content: one.content,
          attributes: Object.fromEntries(one.attributeMap),
        }),
      );
    },
    remove(list) {
      give(list, (one) => host.removed.push(one));
    },
    property(name, on) {
      text(name, "name");
      check(on == null || on instanceof Flowfile, "not a flowfile");
      const value = host.properties[name];
      if (value === undefined) return undefined;
      return on ? value.replace(/\$\{(.*?)\}/g, (_, key) => on.attributeMap.get(key) ?? "") : value;
    },
    dynamicProperties: () => host.dynamic,
    log(level, message) {
      check(["debug", "info", "warning", "error"].includes(level), "level");
      text(message, "message");
      host.logs.push([level, message]);
    },
    count(on, name, amount) {
      check(on instanceof Flowfile, "not a flowfile");
      text(name, "name");
      large(amount, "amount");
      host.counters[name] = (host.counters[name] ?? 0) + Number(amount);
    },
    shouldEnd: () => host.end,
    yieldProcessor() {
      host.yielded += 1;
    },
    stateGet(key) {
      text(key, "key");
      return host.state[key];
    },
    statePut(key, value) {
      text(key, "key");
      if (value == null) delete host.state[key];
      else {
        text(value, "value");
        host.state[key] = value;
      }
    },
    Flowfile,
    Reader,
    Writer,
  };

  host.audio = {
    load:
      audio.load ??
      (() => {
        throw refused("refused", { tag: "unreadable", val: "silence" });
      }),
    loadBytes:
      audio.loadBytes ??
      (() => {
        throw refused("missing", "no loadBytes");
      }),
    call(name, given) {
      text(name, "function");
      const args = listOf(given);
      for (const value of args) {
        check(typeof value.tag === "string", "not a variant");
        if (value.tag === "array") bytes(value.val.data, "data");
      }
      host.calls.push([name, args]);
      if (!audio.call) throw refused("missing", `there is no ${name}`);
      return audio.call(name, args);
    },
  };

  /** Adds a flowfile to the queue. */
  host.add = (content = "", attributes = {}) =>
    host.queue.push({
      content: typeof content === "string" ? new TextEncoder().encode(content) : content,
      attributes: { uuid: `u${host.queue.length}`, filename: "a.wav", ...attributes },
    });

  /** Calls `process` as a session: what fails is undone, and the input waits again. */
  host.run = (runner) => {
    session += 1;
    const before = {
      queue: [...host.queue],
      done: [...host.done],
      removed: [...host.removed],
      counters: { ...host.counters },
      state: { ...host.state },
    };
    try {
      runner.process();
      if (host.live.size) throw new Error(`${host.live.size} neither transferred nor removed`);
    } catch (error) {
      Object.assign(host, before);
      throw error;
    } finally {
      host.live.clear();
    }
  };
  return host;
}

/** The text of what was transferred. */
export const contentOf = (one) => new TextDecoder().decode(one.content);
