// `async` functions become generators: the component never runs the language's own promise jobs,
// so waiting is done by promise.js. `async f(a) { await b }` is then
// `f(a) { return $async(this, arguments, function* (a) { (yield (b)) }) }`.
import { ScriptError } from "../faults.js";
import { childrenOf, walk } from "./walk.js";

const functions = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

export function lowerAsync(tree, source, edits) {
  walk(tree, (node, parents) => {
    if (functions.has(node.type) && node.async === true) lower(node, parents, source, edits);
    if (node.type === "AwaitExpression") awaited(node, parents, edits);
    if (node.type === "ForOfStatement" && node.await === true) {
      refuse(node, "for await is not there: nothing here comes later, so use for … of");
    }
    if (node.type === "ImportExpression") {
      refuse(node, "import() is not there: everything must be in the script");
    }
    return true;
  });
}

function refuse(node, message) {
  throw new ScriptError(message, node.loc.start.line, node.loc.start.column);
}

/** The parameters of the outer function: as many, and with their names where they have one. */
function outer(node) {
  return node.params
    .map((param, at) => {
      if (param.type === "Identifier") return param.name;
      if (param.type === "AssignmentPattern") return `$${at} = undefined`;
      return param.type === "RestElement" ? `...$${at}` : `$${at}`;
    })
    .filter((name) => name !== "this");
}

function lower(node, parents, source, edits) {
  if (node.generator === true) {
    refuse(node, "async generators are not there: nothing here comes later, so use function*");
  }
  const arrow = node.type === "ArrowFunctionExpression";
  check(node, arrow);
  const names = outer(node);
  const parent = parents[parents.length - 1];
  if (arrow) {
    lowerArrow(node, names, source, edits);
    return;
  }
  const begin = `(${names.join(", ")}) {return $async(this, arguments, function* `;
  const method =
    (parent?.type === "MethodDefinition" || parent?.type === "Property") &&
    parent.value === node &&
    parent.method !== false;
  if (method) {
    const head = source.slice(parent.start, parent.key.start);
    const at = parent.start + head.search(/\basync\b(?=\s*\[?\s*$)/);
    edits.blank(at, at + "async".length);
    edits.insert(node.start, begin);
  } else {
    const keyword = source.indexOf("function", node.start);
    edits.blank(node.start, keyword);
    edits.insert(node.id?.end ?? keyword + "function".length, begin);
  }
  edits.close(node.end, ")}");
}

function lowerArrow(node, names, source, edits) {
  const args = names.map((name) => name.replace(" = undefined", ""));
  const begin = `(${names.join(", ")}) => $async(this, [${args.join(", ")}], function* `;
  edits.replace(node.start, node.start + "async".length, begin);
  // A single parameter may stand without brackets.
  const [first] = node.params;
  const bare =
    node.params.length === 1 &&
    first.type === "Identifier" &&
    !/\(/.test(source.slice(node.start + 5, first.start));
  if (bare) {
    edits.insert(first.start, "(");
    edits.close(first.end, ")");
  }
  const before = node.returnType?.end ?? node.params[node.params.length - 1]?.end ?? node.start;
  const gap = source.slice(before, node.body.start);
  const at = before + gap.lastIndexOf("=>");
  if (node.body.type === "BlockStatement") {
    edits.blank(at, at + 2);
    edits.close(node.end, ")");
    return;
  }
  edits.replace(at, at + 2, "{return (");
  edits.close(node.end, ")})");
}

/** What an inner generator would mean otherwise than the function does. */
function check(node, arrow) {
  const look = (one) => {
    if (one.type === "Super") {
      refuse(
        one,
        "super cannot be used in an async function here: leave out async and await, " +
          "for nothing here comes later",
      );
    }
    if (arrow && one.type === "Identifier" && one.name === "arguments") {
      refuse(one, "arguments cannot be used in an async arrow function here: name the parameters");
    }
    for (const child of childrenOf(one)) {
      if (!functions.has(child.type) || child.type === "ArrowFunctionExpression") look(child);
    }
  };
  look(node.body);
}

function awaited(node, parents, edits) {
  let depth = parents.length - 1;
  while (depth >= 0 && !functions.has(parents[depth].type)) depth -= 1;
  if (depth < 0) {
    refuse(node, "await is only there in async functions: put it into async function process");
  }
  const statement = parents.find(
    (one) => one.type === "ExpressionStatement" && one.start === node.start,
  );
  const end = node.start + "await".length;
  if (statement?.expression === node) {
    edits.replace(node.start, end, "yield (");
    edits.close(node.end, ")");
    return;
  }
  // A line that began with a bracket would be taken for more of the one before.
  edits.replace(node.start, end, statement === undefined ? "(yield (" : "0, (yield (");
  edits.close(node.end, "))");
}
