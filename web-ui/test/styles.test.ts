import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const folder = new URL("../src/styles/", import.meta.url);

it("is in rooms that one can look over", () => {
  const long = readdirSync(folder).filter((name) => {
    return readFileSync(new URL(name, folder), "utf8").split("\n").length > 501;
  });
  expect(long).toEqual([]);
});
