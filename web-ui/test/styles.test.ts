import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const folder = new URL("../src/styles/", import.meta.url);
const sheets = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(new URL(name, folder), "utf8"),
}));

/** Each rule, without what is around it, such as a width of the window. */
const rules = sheets.flatMap(({ name, text }) =>
  [...text.replaceAll(/\/\*.*?\*\//gs, "").matchAll(/([^{}]+)\{([^{}]*)\}/g)].map(
    ([, selector = "", body = ""]) => ({ where: `${name}: ${selector.trim()}`, body }),
  ),
);
const having = (pattern: RegExp) =>
  rules.filter(({ body }) => pattern.test(body)).map(({ where }) => where);

it("is in rooms that one can look over", () => {
  const long = sheets.filter(({ text }) => text.split("\n").length > 501);
  expect(long.map(({ name }) => name)).toEqual([]);
});

it("has one scale of sizes, but for boxes that are seen from afar", () => {
  const own = having(/font-size: [\d.]+(px|rem|%)|(?<!-)font: (?!inherit)(?![^;/]*var\(--text)/);
  expect(own.filter((where) => !where.startsWith("canvas.css: .small "))).toEqual([]);
});

it("has four weights", () => {
  expect(having(/font-weight: (?!400|500|600|700|inherit)/)).toEqual([]);
});
