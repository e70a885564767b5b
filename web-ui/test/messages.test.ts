import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { api, ProblemError, whyOf } from "../src/api/client";
import { en } from "../src/messages/en";
import { plural, t } from "../src/messages";
import { problemTitle } from "../src/api/problems";

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((each) =>
    each.isDirectory() ? sources(`${folder}/${each.name}`) : [`${folder}/${each.name}`],
  );
}

const root = new URL("../src", import.meta.url).pathname;
const files = sources(root).filter((name) => /\.tsx?$/.test(name) && !name.includes("/messages/"));
const text = (name: string) => readFileSync(name, "utf8");

describe("messages", () => {
  it("have no literal text beside them in components", () => {
    const found = files
      .filter((name) => name.endsWith(".tsx"))
      .flatMap((name) => {
        const source = text(name)
          .replaceAll(/\/\*[\s\S]*?\*\//g, "")
          .replaceAll(/^\s*\/\/.*$/gm, "");
        const children =
          source.match(/(?<=<[a-zA-Z][^<>]*>)\s*[A-Za-z][A-Za-z ,.'’!?]+(?=<\/)/g) ?? [];
        const attributes =
          source.match(/\b(aria-label|title|placeholder|label|alt)="[^"]*[A-Za-z]{2}[^"]*"/g) ?? [];
        return [...children, ...attributes].map(
          (each) => `${name.slice(root.length)}: ${each.trim()}`,
        );
      })
      // Values as they stand in a flow, the same in every language.
      .filter((each) => !/placeholder="(\d+( \w+)?)"/.test(each));
    expect(found).toEqual([]);
  });

  it("are all used", () => {
    const all = files.map(text).join("\n");
    const unused = Object.keys(en).filter((key) => {
      const isMade = key.startsWith("actNudge");
      return !isMade && !new RegExp(`["']${key}["']`).test(all);
    });
    expect(unused).toEqual([]);
  });

  it("take values, and leave what is none as it is", () => {
    expect(t("selected", { name: "A" })).toBe("A selected");
    expect(t("selected", {})).toBe("{name} selected");
    expect(plural(1, "processorOne", "processorMany")).toBe("1 processor");
    expect(plural(1200, "processorOne", "processorMany")).toBe("1,200 processors");
  });
});

describe("problems", () => {
  it("are told in one way: what was found, or what it was and what helps", async () => {
    const told = { title: "Title", status: 422, detail: "what", help: "do this" };
    expect(whyOf(new ProblemError(told))).toBe("what – do this");
    expect(whyOf(new ProblemError({ title: "Title", status: 500 }))).toBe("Title");
    const place = { file: "", line: 1, column: 1, length: 1, path: "$" };
    const finding = { code: "T", severity: "error" as const, help: null, place, element: null };
    const findings = ["one", "two"].map((message) => ({ ...finding, message }));
    expect(whyOf(new ProblemError({ ...told, findings }))).toBe("one; two");
    // Not in the words of the browser.
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    expect(whyOf(await api.flows().catch((error: unknown) => error))).toBe(
      "The server does not answer",
    );
    vi.unstubAllGlobals();
  });

  it("are never called as HTTP does", () => {
    expect(problemTitle("invalid", 422)).toBe("The draft has errors");
    expect(problemTitle(undefined, 422)).toBe("The server did not take this");
    expect(problemTitle("toString", 500)).toBe("The server failed");
  });

  it("are called what they are", () => {
    expect(problemTitle("slow", 503)).toBe("The server took too long");
    expect(problemTitle("role", 403)).toBe("Your role does not allow this");
    expect(problemTitle("exists", 409)).toBe("This name is taken");
    expect(problemTitle("repository", 507)).toBe("The queues cannot be read now");
    for (const gone of [0, 502, 503, 504]) {
      expect(problemTitle(undefined, gone)).toBe("The server does not answer");
    }
    expect(problemTitle(undefined, 413)).toBe("This is too large");
  });
});
