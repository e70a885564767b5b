// Shortcuts that a person changed, and what becomes of them.
import { beforeEach, describe, expect, it } from "vitest";
import { actionFor, ownerOf, refusalOfKeys, register, shortcutOf } from "../src/actions/registry";
import { changeKeys, readKeys, resetKeys, useKeys } from "../src/state/keys";

const run = () => undefined;
register(
  { id: "one", label: "actAdd", group: "edit", keys: ["A"], run },
  { id: "two", label: "actOpen", group: "go", run },
);

describe("keys", () => {
  beforeEach(() => {
    resetKeys();
  });

  it("are those that a command came with, until it is given others", () => {
    expect(actionFor("A")?.id).toBe("one");
    changeKeys({ one: ["Mod+J"] });
    expect(actionFor("A")).toBeUndefined();
    expect(actionFor("Mod+J")?.id).toBe("one");
    expect(shortcutOf("one")).toBe("Ctrl+J");
    changeKeys({ one: [] });
    expect(shortcutOf("one")).toBeUndefined();
    resetKeys("one");
    expect(actionFor("A")?.id).toBe("one");
    expect(useKeys.getState().changed).toEqual({});
  });

  it("belong to one command, which is told", () => {
    expect(ownerOf("A", "two")?.id).toBe("one");
    expect(ownerOf("A", "one")).toBeUndefined();
    changeKeys({ one: [], two: ["A"] });
    expect(ownerOf("A", "one")?.id).toBe("two");
  });

  it("of the browser and of the canvas are refused", () => {
    expect(refusalOfKeys("Mod+W")).toBe("keysOfBrowser");
    expect(refusalOfKeys("Shift+ArrowLeft")).toBe("keysOfCanvas");
    expect(refusalOfKeys(" ")).toBe("keysOfCanvas");
    expect(refusalOfKeys("Alt+ArrowLeft")).toBeUndefined();
    expect(refusalOfKeys("W")).toBeUndefined();
  });

  it("that cannot be read are none", () => {
    expect(readKeys(null)).toEqual({});
    expect(readKeys("{")).toEqual({});
    expect(readKeys("[1]")).toEqual({});
    expect(readKeys('{"a":["A",1,""],"b":2}')).toEqual({ a: ["A"] });
  });
});
