// Goes through a syntax tree, and gathers what is to be changed in its source.

/** The nodes right below one. */
export function childrenOf(node) {
  const found = [];
  for (const key of Object.keys(node)) {
    const value = node[key];
    if (Array.isArray(value)) {
      for (const one of value) if (typeof one?.type === "string") found.push(one);
    } else if (typeof value?.type === "string") {
      found.push(value);
    }
  }
  return found;
}

/** Calls `visit(node, parents)`, the nearest parent last; what gives `false` is not entered. */
export function walk(node, visit, parents = []) {
  if (visit(node, parents) === false) return;
  parents.push(node);
  for (const child of childrenOf(node)) walk(child, visit, parents);
  parents.pop();
}

/** Changes of a source that keep its lines where they are. */
export class Edits {
  #source;
  #list = [];

  constructor(source) {
    this.#source = source;
  }

  /** Puts `text` where `start` to `end` is; if that is empty, before what is there. */
  replace(start, end, text) {
    this.#list.push({ start, end, text, order: this.#list.length });
  }

  /** Opens something before what is there: of several, the first asked for comes first. */
  insert(at, text) {
    this.replace(at, at, text);
  }

  /** Closes something behind what ends there: what was opened last is closed first. */
  close(at, text) {
    this.#list.push({ start: at, end: at, text, order: -1 - this.#list.length });
  }

  /** Spaces in place of all but the ends of lines. */
  blank(start, end, first = "") {
    if (end <= start) return;
    const spaces = this.#source.slice(start, end).replace(/[^\r\n\u2028\u2029]/g, " ");
    this.replace(start, end, first + spaces.slice(first.length));
  }

  apply() {
    // What ends at a place comes before what begins there; what is inside of a change goes with it.
    const list = this.#list.sort(
      (a, b) => a.start - b.start || (a.end > a.start) - (b.end > b.start) || a.order - b.order,
    );
    let made = "";
    let from = 0;
    for (const { start, end, text } of list) {
      if (start < from) continue;
      made += this.#source.slice(from, start) + text;
      from = end;
    }
    return made + this.#source.slice(from);
  }
}
