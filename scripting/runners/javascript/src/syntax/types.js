// TypeScript's types, taken out: spaces stand where they were, so that lines and columns stay.
import { ScriptError } from "../faults.js";
import { walk } from "./walk.js";

/** What would have to become code, and what to write in its place. */
const refused = {
  TSEnumDeclaration: "enum is not there: use const NAME = { A: 0, B: 1 }",
  TSModuleDeclaration: "namespace is not there: use an object, or plain functions",
  TSParameterProperty:
    "a parameter cannot be a property: write this.name = name in the " + "constructor",
  TSImportEqualsDeclaration: "there are no modules to import: everything must be in the script",
  TSExportAssignment: "export = is not there: write export default, or function process",
  Decorator: "there are no decorators: call the function instead",
};

const statements = new Set([
  "TSTypeAliasDeclaration",
  "TSInterfaceDeclaration",
  "TSDeclareFunction",
  "TSNamespaceExportDeclaration",
]);
const pure = new Set([
  "TSTypeAnnotation",
  "TSTypeParameterDeclaration",
  "TSTypeParameterInstantiation",
]);
const modifiers = /\b(public|private|protected|readonly|override|abstract|declare)\b/g;

export function takeTypesOut(tree, source, edits) {
  walk(tree, (node, parents) => visit(node, parents, source, edits));
}

function visit(node, parents, source, edits) {
  const parent = parents[parents.length - 1];
  if (
    statements.has(node.type) ||
    (node.declare === true && isStatement(node)) ||
    node.importKind === "type" ||
    node.exportKind === "type"
  ) {
    edits.blank(node.start, node.end, isStatement(node) ? ";" : "");
    return false;
  }
  if (refused[node.type] !== undefined) {
    throw new ScriptError(refused[node.type], node.loc.start.line, node.loc.start.column);
  }
  if (pure.has(node.type)) {
    if (parent?.type === "ArrowFunctionExpression" && node === parent.returnType) {
      arrowReturn(node, source, edits);
    } else {
      edits.blank(node.start, node.end);
    }
    return false;
  }
  switch (node.type) {
    case "TSAsExpression":
    case "TSSatisfiesExpression": {
      const between = source.slice(node.expression.end, node.typeAnnotation.start);
      const word = node.type === "TSAsExpression" ? "as" : "satisfies";
      const start = node.expression.end + between.lastIndexOf(word);
      edits.blank(start, node.end, endsStatement(source, node.end) ? ";" : "");
      walkOn(node.expression, parents, source, edits);
      return false;
    }
    case "TSNonNullExpression":
      edits.blank(node.end - 1, node.end);
      return true;
    case "TSTypeAssertion": {
      const close = source.indexOf(">", node.typeAnnotation.end) + 1;
      edits.blank(node.start, close);
      walkOn(node.expression, parents, source, edits);
      return false;
    }
    case "Identifier":
      // `name?: type` and `name!: type`, and `this: type`, which is no parameter.
      if (node.name === "this" && node.typeAnnotation) {
        const comma = /^\s*,/.exec(source.slice(node.end));
        edits.blank(node.start, node.end + (comma?.[0].length ?? 0));
        return false;
      }
      if (node.optional === true || node.typeAnnotation) {
        edits.blank(node.start + node.name.length, node.end);
      }
      return false;
    case "ClassDeclaration":
    case "ClassExpression":
      classHead(node, source, edits);
      return true;
    case "PropertyDefinition":
    case "MethodDefinition":
      return member(node, source, edits);
    case "TSIndexSignature":
    case "TSAbstractMethodDefinition":
    case "TSAbstractPropertyDefinition":
      edits.blank(node.start, node.end, ";");
      return false;
    default:
      return true;
  }
}

const walkOn = (node, parents, source, edits) =>
  walk(node, (one, above) => visit(one, above, source, edits), [...parents]);

function isStatement(node) {
  return /Declaration$|^TSDeclareFunction$/.test(node.type);
}

/** A return type of an arrow: no line may end before `=>`, so its bracket goes there. */
function arrowReturn(node, source, edits) {
  const text = source.slice(node.start, node.end);
  const bracket = source.lastIndexOf(")", node.start);
  if (!/[\r\n]/.test(text) || bracket < 0) {
    edits.blank(node.start, node.end);
    return;
  }
  edits.blank(bracket, bracket + 1);
  edits.replace(node.start, node.end, `${text.replace(/[^\r\n]/g, " ")})`);
}

/** Whether a line ends here, and the next would be taken for more of it. */
function endsStatement(source, at) {
  return /^[ \t]*(\/\/.*)?\r?\n\s*[([`/+-]/.test(source.slice(at, at + 400));
}

function classHead(node, source, edits) {
  const head = source.slice(node.start, node.body.start);
  if (node.abstract === true) {
    const at = node.start + head.search(/\babstract\b/);
    edits.blank(at, at + "abstract".length);
  }
  if (node.implements?.length > 0) {
    const before =
      node.superTypeParameters?.end ??
      node.superTypeArguments?.end ??
      node.superClass?.end ??
      node.typeParameters?.end ??
      node.id?.end ??
      node.start;
    const at = before + source.slice(before, node.body.start).search(/\bimplements\b/);
    edits.blank(at, node.body.start);
    node.implements = [];
  }
}

function member(node, source, edits) {
  const bodiless = node.value !== null && /^TS/.test(node.value?.type ?? "");
  if (
    node.abstract === true ||
    node.declare === true ||
    (bodiless && /^TS(Declare|Empty)/.test(node.value.type))
  ) {
    edits.blank(node.start, node.end, ";");
    return false;
  }
  const head = source.slice(node.start, node.key.start);
  for (const { 0: word, index } of head.matchAll(modifiers)) {
    edits.blank(node.start + index, node.start + index + word.length);
  }
  const rest = node.typeAnnotation?.start ?? node.value?.start ?? node.end;
  const tail = source.slice(node.key.end, rest);
  const mark = /^\s*\]?\s*([?!])/.exec(tail);
  if (mark !== null) {
    const at = node.key.end + mark[0].length - 1;
    edits.blank(at, at + 1);
  }
  return true;
}
