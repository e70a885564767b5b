// A processor: what it is, what it thinks of its properties, and what it does.
import { get, property, transfer } from "tutti:processor/session@0.1.0";

export function describe() {
  return {
    name: "NameStem",
    version: "0.1.0",
    description:
      "Takes a filename apart. The attribute that **Attribute** names is what comes before the " +
      "last dot, and the content becomes JSON that tells both, and how long the content was.",
    tags: ["attributes", "filename"],
    relationships: [{ name: "success", description: "What was taken apart." }],
    properties: [
      {
        name: "Attribute",
        description: "The attribute that is set.",
        kind: "text",
        required: true,
        sensitive: false,
        expressionLanguage: false,
        default: "stem",
        allowed: [],
      },
    ],
    dynamicProperties: false,
    source: false,
  };
}

export function validate(properties) {
  const wrong = ([name, value]) => name === "Attribute" && value === "uuid";
  return properties.filter(wrong).map(([name]) => [name, "the uuid cannot be changed"]);
}

export function process() {
  const attribute = property("Attribute", undefined) ?? "stem";
  for (let items = get(100); items.length > 0; items = get(100)) {
    for (const { flowfile, size } of items) {
      const name = flowfile.attribute("filename") ?? "";
      const dot = name.lastIndexOf(".");
      const stem = dot > 0 ? name.slice(0, dot) : name;
      flowfile.setAttributes([[attribute, stem], ["mime.type", "application/json"]], []);
      const told = JSON.stringify({ name, stem, bytes: Number(size) });
      flowfile.writeAll(utf8(told));
    }
    transfer(items.map(({ flowfile }) => flowfile), "success");
  }
}

// QuickJS has no TextEncoder.
function utf8(text) {
  return Uint8Array.from(unescape(encodeURIComponent(text)), (byte) => byte.charCodeAt(0));
}
