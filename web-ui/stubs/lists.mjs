// What a script can name, as the editor's completion reads it: for each type, and for what stands
// alone, rows of name, kind, signature, what it is for, and the type that it has or gives.

/** The first sentence of a text, on one line. */
export function firstSentence(text) {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return /^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line;
}

/** Rows of one name, as of an overloaded function, as one row with all its signatures. */
function merged(rows) {
  const byName = new Map();
  for (const row of rows) {
    const known = byName.get(row.name);
    if (!known) byName.set(row.name, { ...row });
    else {
      if (!known.signature.split("\n").includes(row.signature)) {
        known.signature += `\n${row.signature}`;
      }
      known.about ||= row.about;
      // The first that is known: what is asked for without arguments comes first in stubs.
      known.type ||= row.type;
    }
  }
  return [...byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

const row = ({ name, kind, signature, about, type }) =>
  JSON.stringify([name, kind, signature, about, type]);

/** The file: a line for each name, so that a change of a stub is a change of its line. */
export function written({ names, types }) {
  const rows = (list, indent) =>
    `[\n${merged(list)
      .map((each) => `${indent}  ${row(each)}`)
      .join(",\n")}\n${indent}]`;
  const all = [...types].filter(([, list]) => list.length > 0);
  all.sort(([one], [other]) => (one < other ? -1 : 1));
  const text = all.map(([name, list]) => `    ${JSON.stringify(name)}: ${rows(list, "    ")}`);
  return `{\n  "names": ${rows(names, "  ")},\n  "types": {\n${text.join(",\n")}\n  }\n}\n`;
}
