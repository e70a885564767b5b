// Reads what scripts in Python can name: the stubs of the runner, and librosa's package.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pythonLanguage } from "@codemirror/lang-python";
import { firstSentence } from "./lists.mjs";

/** What stubs leave to Python itself. */
const OF_PYTHON = {
  dict: [
    ["get", "(name, default=None)"],
    ["items", "()"],
    ["keys", "()"],
    ["pop", "(name, default)"],
    ["setdefault", "(name, default=None)"],
    ["update", "(other)"],
    ["values", "()"],
  ],
  BinaryIO: [
    ["close", "()"],
    ["read", "(size=-1)"],
    ["readline", "(size=-1)"],
    ["readlines", "()"],
    ["seek", "(offset, whence=0)"],
    ["tell", "()"],
  ],
};
OF_PYTHON.MutableMapping = OF_PYTHON.dict;

/** Modules of librosa that draw, or are there for librosa's own use. */
const LEFT_OUT = new Set(["core", "display", "exceptions"]);

/** A node of the tree, with its text. */
function* inside(node) {
  for (let child = node.firstChild; child; child = child.nextSibling) yield child;
}

class File {
  constructor(path) {
    this.text = readFileSync(path, "utf8");
    this.top = pythonLanguage.parser.parse(this.text).topNode;
  }

  of(node) {
    return this.text.slice(node.from, node.to);
  }

  line(node) {
    return this.of(node)
      .replaceAll(/\s+/g, " ")
      .replaceAll(/([([]) /g, "$1")
      .replaceAll(/,? ([)\]])/g, "$1");
  }

  /** What a body begins with to tell of itself. */
  about(body) {
    for (const child of inside(body)) {
      if (child.name === ":") continue;
      const string = child.name === "ExpressionStatement" ? child.firstChild : null;
      return string?.name === "String" ? firstSentence(this.of(string).slice(3, -3)) : "";
    }
    return "";
  }

  /** Parameters without `self`; without types where those say little. */
  parameters(list, isTyped) {
    if (isTyped) return this.line(list).replace(/^\(self(?:, )?/, "(");
    let text = "";
    for (const child of inside(list)) {
      if (child.name === "TypeDef") continue;
      const piece = this.line(child);
      text += piece === "," ? ", " : piece;
    }
    return text.replace(/, \)$/, ")");
  }
}

/** The class that an annotation names, if it is one that is known. */
function classIn(text, known) {
  return (text.match(/\w+/g) ?? []).find((word) => known.has(word)) ?? "";
}

function functionRow(file, node, { known, kind, isTyped, isProperty = false }) {
  const parts = [...inside(node)];
  const name = file.of(parts.find((each) => each.name === "VariableName"));
  const list = parts.find((each) => each.name === "ParamList");
  const returns = parts.find((each) => each.name === "TypeDef");
  const told = returns ? file.line(returns).replace(/^-> ?/, "") : "";
  const about = file.about(parts.find((each) => each.name === "Body"));
  const type = classIn(told, known);
  if (isProperty) return { name, kind: "property", signature: told, about, type };
  const gives = isTyped && told !== "" && told !== "None" ? ` → ${told}` : "";
  return { name, kind, signature: `${file.parameters(list, isTyped)}${gives}`, about, type };
}

/** A name with a type: `session: NifiSession`. */
function variableRow(file, node, known, kind) {
  const [name, type] = inside(node);
  if (name?.name !== "VariableName" || type?.name !== "TypeDef") return [];
  const told = file.line(type).replace(/^: ?/, "");
  if (told === "TypeAlias") return [];
  return [{ name: file.of(name), kind, signature: told, about: "", type: classIn(told, known) }];
}

function membersOf(file, body, known) {
  const rows = [];
  for (const child of inside(body)) {
    const decorators = [];
    let node = child;
    if (child.name === "DecoratedStatement") {
      for (const part of inside(child)) {
        if (part.name === "Decorator") decorators.push(file.of(part).trim());
        else node = part;
      }
    }
    if (node.name === "FunctionDefinition") {
      const isProperty = decorators.includes("@property");
      rows.push(functionRow(file, node, { known, kind: "method", isTyped: true, isProperty }));
    } else if (node.name === "AssignStatement") {
      rows.push(...variableRow(file, node, known, "property"));
    }
  }
  return rows.filter(({ name }) => !name.startsWith("_"));
}

/** The classes of a stub, with what each has and what each has from others. */
function classesIn(file) {
  const found = new Map();
  for (const node of inside(file.top)) {
    if (node.name !== "ClassDefinition") continue;
    const parts = [...inside(node)];
    const name = file.of(parts.find((each) => each.name === "VariableName"));
    const bases = parts.find((each) => each.name === "ArgList");
    const from = bases ? (file.of(bases).match(/\w+/g) ?? []) : [];
    const body = parts.find((each) => each.name === "Body");
    found.set(name, { from, body, about: file.about(body) });
  }
  return found;
}

function constructorOf(file, { body }, known) {
  for (const node of inside(body)) {
    if (node.name !== "FunctionDefinition") continue;
    const row = functionRow(file, node, { known, kind: "class", isTyped: true });
    if (row.name === "__init__") return row.signature;
  }
  return "";
}

/** The texts of `__all__`. */
function allOf(file) {
  for (const node of inside(file.top)) {
    if (node.name !== "AssignStatement" || file.of(node.firstChild) !== "__all__") continue;
    return [...file.of(node).matchAll(/"(\w+)"/g)].map(([, name]) => name);
  }
  return [];
}

const aboutOf = (file) => file.about(file.top);

/** The file of a module, by its path without ending. */
function fileOf(path) {
  return new File(existsSync(`${path}.py`) ? `${path}.py` : join(path, "__init__.py"));
}

/** What a module imports from beside it: names by the module that they are from, which is no text
 * where a name is a module itself; and the modules all of whose names it takes. */
function importsOf(file) {
  const names = new Map();
  const wholes = [];
  for (const node of inside(file.top)) {
    const text = node.name === "ImportStatement" ? file.line(node) : "";
    const found = /^from \.((?:\w[\w.]*)?) import \(?([^)]*)/.exec(text);
    if (!found) continue;
    const [, module, list] = found;
    if (list.trim() === "*") wholes.push(module);
    for (const name of list.match(/\w+/g) ?? []) names.set(name, module);
  }
  return { names, wholes };
}

function definedIn(file) {
  return new Map(
    [...inside(file.top)]
      .filter(({ name }) => name === "FunctionDefinition" || name === "ClassDefinition")
      .map((node) => [file.of(node.getChild("VariableName")), node]),
  );
}

/** What a module of librosa has, and, into `types`, what the modules in it have. */
function rowsOfModule(path, module, types) {
  const file = fileOf(path);
  const { names, wholes } = importsOf(file);
  const own = definedIn(file);
  const rows = wholes.flatMap((each) => rowsOfModule(join(path, each), module, types));
  for (const name of allOf(file)) {
    const from = own.has(name) ? undefined : names.get(name);
    if (from === "") {
      if (LEFT_OUT.has(name)) continue;
      const inner = `${module}.${name}`;
      const about = aboutOf(fileOf(join(path, name)));
      rows.push({ name, kind: "namespace", signature: inner, about, type: inner });
      types.set(inner, rowsOfModule(join(path, name), inner, types));
      continue;
    }
    const other = from === undefined ? file : fileOf(join(path, ...from.split(".")));
    const node = definedIn(other).get(name);
    if (node?.name === "FunctionDefinition") {
      rows.push(functionRow(other, node, { known: new Set(), kind: "function", isTyped: false }));
    } else {
      // What the library in Rust has itself, such as exceptions, tells nothing here.
      const about = node ? other.about(node.getChild("Body")) : "";
      rows.push({ name, kind: "class", signature: "", about, type: "" });
    }
  }
  return rows;
}

/** All that scripts in Python can name, of the repository that lies in `root`. */
export function pythonLists(root) {
  const runner = join(root, "scripting/runners/python");
  const stub = new File(join(runner, "stubs/tutti/__init__.pyi"));
  const classes = classesIn(stub);
  const known = new Set([...classes.keys(), ...Object.keys(OF_PYTHON)]);
  const types = new Map();
  const rowsOf = (name) => {
    const of = classes.get(name);
    if (!of) {
      return (OF_PYTHON[name] ?? []).map(([member, signature]) => ({
        ...{ name: member, kind: "method", signature, about: "", type: "" },
      }));
    }
    const own = membersOf(stub, of.body, known);
    const names = new Set(own.map((each) => each.name));
    return [...own, ...of.from.flatMap(rowsOf).filter((each) => !names.has(each.name))];
  };
  for (const name of known) types.set(name, rowsOf(name));
  // Streams have it, and nothing else is one.
  types.delete("BinaryIO");

  const tutti = new File(join(runner, "tutti/__init__.py"));
  const imported = [...new Set(allOf(tutti))].map((name) => {
    const of = classes.get(name);
    const signature = of ? constructorOf(stub, of, known) : "";
    return { name, kind: "class", signature, about: of?.about ?? "", type: name };
  });
  types.set("tutti", imported);

  const io = "org/apache/nifi/processor/io";
  const callbacks = new File(join(runner, "stubs", io, "__init__.pyi"));
  types.set(
    io.replaceAll("/", "."),
    [...classesIn(callbacks)].map(([name, { about }]) => ({
      ...{ name, kind: "class", signature: "", about, type: "" },
    })),
  );

  const folder = join(root, "python/tutti/librosa");
  types.set("librosa", rowsOfModule(folder, "librosa", types));

  const script = new File(join(runner, "stubs/script.pyi"));
  const module = (name, about) => ({ name, kind: "namespace", signature: name, about, type: name });
  const names = [
    ...[...inside(script.top)]
      .filter(({ name }) => name === "AssignStatement")
      .flatMap((node) => variableRow(script, node, known, "variable")),
    // The package is told of as the wheel has it, where it has another name.
    module("librosa", aboutOf(fileOf(folder)).replace(/: `.*/, ".")),
    module("tutti", aboutOf(tutti)),
  ].map((each) => ({ ...each, about: each.about || (classes.get(each.type)?.about ?? "") }));
  return { names, types };
}
