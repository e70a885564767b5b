import { describe, expect, it } from "vitest";
import type { ExpressionFunction } from "../src/api/types";
import { optionsAt } from "../src/expression/completion";
import { placeIn, upstreamOf } from "../src/expression/place";

/** The place of the sign `|` in a text. */
const at = (marked: string) => placeIn(marked.replace("|", ""), marked.indexOf("|"));

describe("the place in an expression", () => {
  it("tells what may be written there, and where the word begins", () => {
    expect(at("a |b")).toBeUndefined();
    expect(at("${|")).toEqual({ kind: "attribute", from: 2 });
    expect(at("${file|")).toEqual({ kind: "attribute", from: 2 });
    expect(at("x ${filename:to|")).toEqual({ kind: "function", from: 13 });
    expect(at("#{tar|")).toEqual({ kind: "parameter", from: 2 });
    expect(at("${a:equals(${b|")).toEqual({ kind: "attribute", from: 13 });
    expect(at("${a:equals(${b:len|")).toEqual({ kind: "function", from: 15 });
    expect(at("${a:append(#{p|")).toEqual({ kind: "parameter", from: 13 });
  });

  it("is none in text, in quotes, behind a call and behind the end", () => {
    expect(at('${a:append("fi|')).toBeUndefined();
    expect(at("${a:append('x')|")).toBeUndefined();
    expect(at("${a} and |")).toBeUndefined();
    expect(at("$${a|")).toBeUndefined();
    expect(at("$|{a}")).toBeUndefined();
  });
});

describe("proposals", () => {
  const made = (name: string, subject: string | null, args: string[]): ExpressionFunction => ({
    name,
    kind: "method",
    subject,
    arguments: args.map((each) => ({
      name: each,
      type: "string",
      optional: false,
      repeated: false,
    })),
    returns: "string",
    description: "d",
    example: null,
  });
  const known = {
    attributes: { filename: "a", "my name": "b" },
    functions: [made("now", null, []), made("append", "string", ["suffix"])],
    parameters: [
      {
        name: "the target",
        context: "main",
        description: "",
        isSensitive: false,
        value: undefined,
      },
    ],
  };
  it("fit the place, and are written as the language wants them", () => {
    const applied = (kind: "attribute" | "function" | "parameter") =>
      optionsAt(known, kind).map((each) => each.apply);
    expect(applied("attribute")).toEqual(["filename", "'my name'", "now()"]);
    expect(applied("function")).toEqual(["append("]);
    expect(applied("parameter")).toEqual(["'the target'"]);
  });
});

describe("upstream", () => {
  it("is every connection that ends at a box", () => {
    const group = {
      connections: {
        "A -> B": { from: "A", to: "B" },
        "C -> B/in": { from: "C", to: "B/in" },
        "B -> D": { from: "B", to: "D" },
      },
    };
    expect(upstreamOf(group, "G", "B")).toEqual(["G/A -> B", "G/C -> B/in"]);
  });
});
