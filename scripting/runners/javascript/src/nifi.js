// NiFi's style: the whole script is run for a flowfile, and again while there is another.
import * as host from "./host.js";
import { Session, ahead, taken } from "./session.js";
import { end } from "./simple.js";
import { drain } from "./promise.js";
import { deleteProperty, hasOwn, ownKeys } from "./primordials.js";

/** So many are asked for at once. The host gives fewer to scripts that are slow. */
const AT_ONCE = 100;

/**
 * Whether a script takes one flowfile each time, and surely: only such a script can be handed
 * several without one being left that it never asks for.
 */
export function takesOne(source) {
  return /(^|\n)\s*(var|let|const)?\s*[\w$]+\s*=\s*session\.get\(\s*\)/.test(source);
}

export function nifi(body, source) {
  const one = takesOne(source);
  const names = { __proto__: null };
  const known = ownKeys(globalThis);
  for (let at = 0; at < known.length; at += 1) names[known[at]] = true;
  return () => {
    const session = new Session();
    for (let done = 0; ; done += 1) {
      if (one && ahead(session, 0) === 0) {
        if (done > 0 && host.shouldEnd()) break;
        if (ahead(session, AT_ONCE) === 0 && done > 0) break;
      }
      body(session)();
      drain();
      forgetGlobals(names);
      const { count, left } = taken(session);
      if (left > 0 && count > 0) continue;
      end(session);
      if (count === 0 || (!one && host.shouldEnd())) break;
    }
  };
}

/** What a script sets without `var` is gone when it is run again, as it is in NiFi. */
function forgetGlobals(names) {
  const now = ownKeys(globalThis);
  for (let at = 0; at < now.length; at += 1) {
    if (!hasOwn(names, now[at])) deleteProperty(globalThis, now[at]);
  }
}
