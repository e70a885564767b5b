// `export` taken out, and `import` refused: a script is one file.
import { ScriptError } from "../faults.js";

const alone =
  "there are no modules to import: everything must be in the script, which has the " +
  "language's own objects, and librosa, context and log without an import";

/** Whether the script is a module, as its `import` or `export` says. */
export function takeModulesOut(tree, source, edits) {
  let found = false;
  for (const node of tree.body) {
    const { line, column } = node.loc.start;
    switch (node.type) {
      case "ImportDeclaration":
        found = true;
        if (node.importKind === "type") break;
        throw new ScriptError(alone, line, column);
      case "ExportAllDeclaration":
        throw new ScriptError(alone, line, column);
      case "ExportNamedDeclaration":
        found = true;
        if (node.exportKind === "type") break;
        if (node.source) throw new ScriptError(alone, line, column);
        if (node.declaration) edits.blank(node.start, node.declaration.start);
        else named(node, source, edits);
        break;
      case "ExportDefaultDeclaration":
        found = true;
        byDefault(node, edits);
        break;
      default:
    }
  }
  return found;
}

/** `export { run as process }`: what is called otherwise inside gets that name at the end. */
function named(node, source, edits) {
  edits.blank(node.start, node.end, ";");
  for (const { local, exported, exportKind } of node.specifiers) {
    if (exportKind === "type" || exported.name === local.name) continue;
    if (exported.name === "process" || exported.name === "processBatch") {
      edits.insert(source.length, `;var ${exported.name} = ${local.name};`);
    } else if (exported.name === "default") {
      edits.insert(source.length, `;var process = ${local.name};`);
    }
  }
}

function byDefault(node, edits) {
  const { declaration } = node;
  const name = declaration.id?.name;
  if (name === "process" || name === "processBatch") {
    edits.blank(node.start, declaration.start);
  } else if (name !== undefined) {
    edits.replace(node.start, declaration.start, "");
    edits.close(node.end, `;var process = ${name};`);
  } else if (
    declaration.type === "Identifier" &&
    (declaration.name === "process" || declaration.name === "processBatch")
  ) {
    edits.blank(node.start, node.end, ";");
  } else {
    edits.replace(node.start, declaration.start, "var process = ");
    // A function that is declared needs no semicolon behind it, and one that is a value does.
    edits.close(node.end, ";");
  }
}
