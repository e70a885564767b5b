import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { anchorOf, helpLink, searchPages } from "../src/help/manual";
import { exampleOf, OWN, UNKNOWN } from "../src/help/example";
import { operationsOf, schemaText, type ApiDocument } from "../src/help/openapi";
import { pages } from "../src/help/pages";
import { helpHash, readRoute } from "../src/state/route";

const has = (path: string) => pages.some((each) => each.path === path);

describe("the manual", () => {
  it("has the project's documents", () => {
    for (const path of ["flow-format", "processors/GetFile", "errors/T0101", "configuration"]) {
      expect(has(path), path).toBe(true);
    }
    const manual = pages.filter(({ chapter }) => chapter === "manual").map(({ path }) => path);
    expect(manual[0]).toBe("canvas");
    expect(manual.slice(-2)).toEqual(["benchmarks", "proof"]);
    expect(pages.map(({ path }) => path).filter((path) => /README|screenshots/.test(path))).toEqual(
      [],
    );
    expect(pages.every((page) => page.title !== page.path)).toBe(true);
    const untold = pages.filter((page) => page.chapter === "manual" && page.about === undefined);
    expect(untold.map(({ path }) => path)).toEqual([]);
  });

  it("knows every page that its pages link to, or leaves the link out", () => {
    const links = pages.flatMap((page) =>
      [...page.text.matchAll(/\]\(([^)\s]+\.md)(#[^)]*)?\)/g)].map(
        (link) => [page, link[1]] as const,
      ),
    );
    expect(links.length).toBeGreaterThan(50);
    const inside = links.filter(([page, to]) => helpLink(page.path, to ?? "", has) !== undefined);
    expect(inside.length).toBeGreaterThan(40);
  });

  it("links from page to page, and nowhere that runs", () => {
    expect(helpLink("processors/GetFile", "../flow-format.md#names", has)).toEqual({
      inside: "#/help/flow-format?at=names",
    });
    expect(helpLink("flow-format", "#names", has)).toEqual({
      inside: "#/help/flow-format?at=names",
    });
    expect(helpLink("flow-format", "https://example.org/a", has)).toEqual({
      outside: "https://example.org/a",
    });
    for (const to of [
      "javascript:alert(1)",
      "data:text/html,x",
      "../../../etc.md",
      "../adr/0001.md",
    ]) {
      expect(helpLink("flow-format", to, has), to).toBeUndefined();
    }
    expect(readRoute(helpHash("errors/T0101", "a b"))).toEqual({
      page: "help",
      path: "errors/T0101",
      anchor: "a b",
    });
    expect(anchorOf("Names, and `paths`")).toBe("names-and-paths");
  });

  it("finds pages with all words, titles first", () => {
    const found = searchPages(pages, "getfile");
    expect(found[0]?.page.path).toBe("processors/GetFile");
    expect(found[0]?.excerpt).not.toEqual([]);
    expect(searchPages(pages, "getfile qqqqq")).toEqual([]);
    expect(searchPages(pages, "  ")).toEqual([]);
    expect(searchPages(pages, "a", 3)).toHaveLength(3);
  });

  it("shows what is around a hit, in words, and leads to its section", () => {
    const text = [
      "# A title",
      "",
      "It begins [here](x.md#back-pressure).",
      "",
      "## What is `kept`, and how",
      "",
      "| one | two |",
      "| --- | ---: |",
      "| `penalty` | **the same** |",
      `| ${"many words before it ".repeat(5)}| back-pressure, ${"and behind it ".repeat(20)}|`,
      "",
      "```",
      "# no heading: swapping",
      "```",
    ].join("\n");
    const [hit] = searchPages([{ title: "A title", text }], "Back-pressure it");
    expect(hit).toMatchObject({
      heading: "What is kept, and how",
      anchor: "what-is-kept-and-how",
    });
    const shown = hit?.excerpt.map((part) => part.text).join("") ?? "";
    expect(shown).toContain("before it · back-pressure, and");
    expect(shown).toMatch(/^one · two · penalty · the same · many words before it/);
    expect(shown).toMatch(/ (and|behind|it) …$/);
    const marks = hit?.excerpt.filter((part) => part.isHit).map((part) => part.text);
    expect(new Set(marks)).toEqual(new Set(["it", "back-pressure"]));
    const [deep] = searchPages([{ title: "A title", text }], "swapping");
    expect(deep?.heading).toBe("What is kept, and how");
    const [late] = searchPages([{ title: "A title", text: `${"word ".repeat(99)}found` }], "found");
    expect(late?.excerpt.map((part) => part.text).join("")).toMatch(/^… word (word )+found$/);
    // What is typed is no pattern.
    expect(searchPages([{ title: "A", text: "a.b (c" }], "(c")[0]?.excerpt.at(-1)).toEqual({
      text: "(c",
      isHit: true,
    });
  });
});

describe("the interface", () => {
  const text = readFileSync(new URL("../../docs/openapi.json", import.meta.url), "utf8");
  const document = JSON.parse(text) as ApiDocument;

  it("is told by tags, with every operation once", () => {
    const told = operationsOf(document).flatMap(({ operations }) => operations);
    const all = Object.values(document.paths).flatMap((methods) => Object.keys(methods));
    expect(told.length).toBe(all.length);
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
    expect(told.every(({ summary }) => summary !== "")).toBe(true);
  });

  it("has an example of every request, of which nothing is left open", () => {
    const all = operationsOf(document).flatMap(({ operations }) => operations);
    const examples = new Map(all.map((each) => [each.id, exampleOf(document, each, "http://h")]));
    expect([...examples.values()].filter((text) => text.includes(UNKNOWN))).toEqual([]);
    for (const [id, values] of Object.entries(OWN)) {
      for (const name of Object.keys(values)) expect(examples.get(id), id).toContain(name);
    }
    expect(examples.get("getDraft")).toBe("curl http://h/api/v1/flows/music/draft");
    expect(examples.get("deleteFlow")).toBe("curl -X DELETE http://h/api/v1/flows/music");
    expect(examples.get("listQueue")?.split("\n")).toEqual([
      "curl -G http://h/api/v1/flows/music/queue \\",
      "  --data-urlencode 'connection=Get file [success] -> Decode audio' \\",
      "  --data-urlencode 'filter=${filename:endsWith('\\''.mp3'\\'')}'",
    ]);
    expect(examples.get("putFlow")).toContain("-X PUT");
    const change = /-d '(.*)'$/s.exec(examples.get("changeDraft") ?? "")?.[1] ?? "";
    expect(JSON.parse(change)).toEqual({
      label: "Another folder",
      changes: [
        {
          document: "flow",
          path: ["processors", "Get file", "properties", "Directory"],
          before: "/data/in",
          after: "/data/recordings",
        },
      ],
    });
  });

  it("writes types as TypeScript does, and ends where they go round", () => {
    const schemas = {
      A: { type: "object", properties: { a: { $ref: "#/components/schemas/A" } } },
    };
    const round = { paths: {}, components: { schemas } };
    expect(schemaText(round, { $ref: "#/components/schemas/A" })).toBe("{\n  a?: A\n}");
    expect(schemaText(round, { type: ["string", "null"] })).toBe("string | null");
    expect(schemaText(round, { type: "array", items: { enum: ["x", "y"] } })).toBe('("x" | "y")[]');
  });
});
