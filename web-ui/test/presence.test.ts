import { describe, expect, it } from "vitest";
import type { Person } from "../src/api/types";
import { initialsOf, nameOf } from "../src/components/people";
import { peopleAt, peopleIn, toneOf } from "../src/state/presence";

const person = (id: string, flow: string, ...selected: string[]): Person => ({
  id,
  name: `name of ${id}`,
  flow,
  group: "",
  selected,
});

describe("presence", () => {
  const people = [
    person("1", "a", "Get", "G/Put"),
    person("2", "b", "Get"),
    person("3", "a", "Get"),
  ];
  const ids = (found: readonly Person[]) => found.map(({ id }) => id);

  it("is told by flow and by what is selected", () => {
    expect(ids(peopleIn(people, "a"))).toEqual(["1", "3"]);
    expect(ids(peopleAt(people, "a", "Get"))).toEqual(["1", "3"]);
    expect(ids(peopleAt(people, "a", "G/Put"))).toEqual(["1"]);
    expect(peopleAt(people, "c", "Get")).toEqual([]);
  });

  it("gives the same list for the same people, so that nothing is drawn anew", () => {
    expect(peopleAt(people, "a", "Get")).toBe(peopleAt(people, "a", "Get"));
    expect(peopleAt(people, "a", "None")).toBe(peopleAt([], "a", "None"));
  });

  it("has names, initials and colours", () => {
    expect(nameOf({ name: "local" })).toBe("Somebody");
    expect([initialsOf({ name: "ann" }), initialsOf({ name: "Ann-Marie Bo" })]).toEqual([
      "A",
      "AM",
    ]);
    expect(toneOf(person("abc", "a"))).toBe(toneOf(person("abc", "b")));
    expect(toneOf(person("abc", "a"))).toBeLessThan(6);
  });
});
