// Reads what scripts in JavaScript can name: the runner's types for editors.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { firstSentence } from "./lists.mjs";

/** What belongs to no name that a script writes. */
const LEFT_OUT = new Set(["String"]);

/** All that scripts in JavaScript can name, of the repository that lies in `root`. */
export function javascriptLists(root) {
  const path = join(root, "scripting/runners/javascript/stubs/tutti.d.ts");
  const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2023, true);
  const line = (node) =>
    node
      .getText(file)
      .replaceAll(/\s+/g, " ")
      .replaceAll(/,? ([)}])/g, " $1");
  const interfaces = new Set(
    file.statements
      .filter((each) => ts.isInterfaceDeclaration(each) || ts.isClassDeclaration(each))
      .map((each) => each.name.text),
  );
  const types = new Map();

  /** The comment before a declaration. */
  const aboutOf = (node) =>
    firstSentence(
      ts
        .getJSDocCommentsAndTags(node)
        .map(({ comment }) => comment ?? "")
        .join(" "),
    );

  /** The name of a type whose members are known; what is written out gets that of its owner. */
  function typeOf(node, owner) {
    if (!node) return "";
    if (ts.isTypeLiteralNode(node)) {
      types.set(owner, membersOf(node, owner));
      return owner;
    }
    if (ts.isUnionTypeNode(node) || ts.isIntersectionTypeNode(node)) {
      return node.types.map((each) => typeOf(each, owner)).find((each) => each !== "") ?? "";
    }
    if (!ts.isTypeReferenceNode(node)) return "";
    const name = node.typeName.getText(file);
    return interfaces.has(name) ? name : "";
  }

  function signatureOf(node) {
    const list = node.parameters.map(line).join(", ");
    const returns =
      node.type && ts.isTypeLiteralNode(node.type) ? "" : node.type && line(node.type);
    return `(${list})${returns && returns !== "void" ? ` → ${returns}` : ""}`;
  }

  function membersOf({ members }, owner) {
    return members.flatMap((member) => {
      const name = member.name?.getText(file) ?? "";
      if (!/^\w+$/.test(name)) return [];
      const inner = `${owner}.${name}`;
      const about = aboutOf(member);
      const type = typeOf(member.type, inner);
      if (ts.isMethodSignature(member) || ts.isMethodDeclaration(member)) {
        return [{ name, kind: "method", signature: signatureOf(member), about, type }];
      }
      const isWritten = member.type && ts.isTypeLiteralNode(member.type);
      const kind = isWritten ? "namespace" : "property";
      const signature = isWritten ? inner : member.type ? line(member.type) : "";
      return [{ name, kind, signature, about, type }];
    });
  }

  const names = [];
  for (const node of file.statements) {
    if (ts.isInterfaceDeclaration(node)) {
      if (!LEFT_OUT.has(node.name.text)) types.set(node.name.text, membersOf(node, node.name.text));
    } else if (ts.isClassDeclaration(node)) {
      const name = node.name.text;
      types.set(name, membersOf(node, name));
      names.push({ name, kind: "class", signature: "", about: aboutOf(node), type: name });
    } else if (ts.isFunctionDeclaration(node)) {
      const type = typeOf(node.type, node.name.text);
      const signature = signatureOf(node);
      names.push({ name: node.name.text, kind: "function", signature, about: aboutOf(node), type });
    } else if (ts.isVariableStatement(node)) {
      for (const { name, type } of node.declarationList.declarations) {
        const isWritten = ts.isTypeLiteralNode(type);
        const isMade = isWritten && type.members.some(ts.isConstructSignatureDeclaration);
        names.push({
          name: name.text,
          kind: isMade ? "class" : isWritten ? "namespace" : "variable",
          signature: isWritten ? "" : line(type),
          about: aboutOf(node),
          type: isMade ? "" : typeOf(type, name.text),
        });
      }
    }
  }
  return { names, types };
}
