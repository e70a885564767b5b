// What the editor of scripts knows without an editor: faults, differences, versions, samples.
import { describe, expect, it } from "vitest";
import type {
  Change,
  Json,
  Operation,
  PropertySpec,
  QueuedFlowfile,
  TrialResult,
} from "../src/api/types";
import { attributesOf, row, sampleOf } from "../src/script/trial";
import { compareAttributes, compareRuns, shownContent } from "../src/script/compare";
import { countOf, diff, folded, linesOf } from "../src/script/diff";
import { faultIn, faultsIn, lineOfCall } from "../src/script/faults";
import { languageName, languageOf } from "../src/script/language";
import { newestOf } from "../src/script/newest";
import { spotOf, versionsIn } from "../src/script/versions";

describe("faults", () => {
  const told =
    "script.py, line 2: UnicodeDecodeError: invalid start byte (the bytes are no\ntext)\n" +
    "line 2, in process: flowfile.text()\nline 9: process(x)";

  it("have a line and what went wrong, without the calls", () => {
    expect(faultIn(told)).toEqual({
      line: 2,
      message: "UnicodeDecodeError: invalid start byte (the bytes are no\ntext)",
    });
    expect(faultIn("Count: script.js, line 12: x is not defined")?.line).toBe(12);
    const javascript = "script.js, line 3: TypeError: no\n  at process (script.js:3)";
    expect(faultIn(javascript)?.message).toBe("TypeError: no");
    expect(faultIn("script.py: it took longer than 30 sec")).toBeUndefined();
    expect(lineOfCall("line 2, in process: flowfile.text()")).toBe(2);
    expect(lineOfCall("caused by KeyError")).toBeUndefined();
  });

  it("are told once for a line, in the order of lines", () => {
    const all = ["script.py, line 7: b", told, "script.py, line 7: c", "nothing"];
    expect(faultsIn(all).map(({ line, message }) => [line, message.slice(0, 4)])).toEqual([
      [2, "Unic"],
      [7, "b"],
    ]);
  });
});

describe("a difference", () => {
  const signs = { same: " ", added: "+", removed: "-" };
  const text = (lines: ReturnType<typeof diff>) =>
    lines.map(({ kind, text }) => signs[kind] + text).join("\n");

  it("is the shortest, with the numbers of lines on both sides", () => {
    const lines = diff("a\nb\nc\nd", "a\nx\nc\nd\ne");
    expect(text(lines)).toBe(" a\n-b\n+x\n c\n d\n+e");
    expect(lines.map(({ before, after }) => [before, after])).toEqual([
      [1, 1],
      [2, undefined],
      [undefined, 2],
      [3, 3],
      [4, 4],
      [undefined, 5],
    ]);
    expect(countOf(lines)).toEqual({ added: 2, removed: 1 });
  });

  it("leads from the one to the other, whatever they are", () => {
    let state = 7;
    const next = (most: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state % most;
    };
    for (let round = 0; round < 200; round += 1) {
      const make = () => Array.from({ length: next(12) }, () => "abc".charAt(next(3))).join("\n");
      const [before, after] = [make(), make()];
      const lines = diff(before, after);
      const side = (left: string) =>
        lines.filter(({ kind }) => kind !== left).map((line) => line.text);
      expect(side("added")).toEqual(linesOf(before));
      expect(side("removed")).toEqual(linesOf(after));
    }
  });

  it("of texts that have nothing in common is found at once, too", () => {
    const many = (name: string) =>
      Array.from({ length: 5000 }, (_, at) => `${name} ${String(at)}`).join("\n");
    expect(countOf(diff(many("a"), many("b")))).toEqual({ added: 5000, removed: 5000 });
    expect(diff("", "")).toEqual([]);
    expect(text(diff("a\r\nb", "a\nb"))).toBe(" a\n b");
  });

  it("leaves out what is far from it", () => {
    const before = Array.from({ length: 30 }, (_, at) => String(at)).join("\n");
    const shown = folded(diff(before, before.replace("15", "x")));
    expect(shown.map((each) => (each.kind === "gap" ? each.count : each.text))).toEqual([
      ...[12, "12", "13", "14", "15", "x", "16", "17", "18", 11],
    ]);
  });
});

describe("runs", () => {
  const sent = (attributes: Record<string, string>, text: string | null): TrialResult => ({
    ...{ relationship: "success", attributes, bytes: 3, text, isWhole: true, unread: null },
  });

  it("say what is new, other and gone of attributes", () => {
    const found = compareAttributes({ a: "1", b: "2", c: "3" }, { a: "1", b: "x", d: "4" });
    expect(found.map(({ name, kind }) => [name, kind])).toEqual([
      ["d", "added"],
      ["b", "changed"],
      ["c", "removed"],
      ["a", "same"],
    ]);
    expect(compareAttributes({}, { constructor: "1" })[0]?.kind).toBe("added");
  });

  it("are compared flowfile by flowfile, but for what is another one each time", () => {
    const before = { sent: [sent({ uuid: "1", words: "3" }, '{"a":1}')] };
    const after = { sent: [sent({ uuid: "2", words: "3" }, '{"a":1}'), sent({}, "x")] };
    const [first, second] = compareRuns(before, after);
    expect(first?.isSame).toBe(true);
    expect(second?.isSame).toBe(false);
    expect(second?.before).toBeUndefined();
    const other = compareRuns(before, { sent: [sent({ words: "4" }, '{"a":2}')] })[0];
    expect(other?.attributes.map(({ name }) => name)).toEqual(["words"]);
    expect(other?.content && countOf(other.content)).toEqual({ added: 1, removed: 1 });
  });

  it("show JSON with indents, where it is whole", () => {
    expect(shownContent(sent({}, '{"a":1}'))).toBe('{\n  "a": 1\n}');
    expect(shownContent({ ...sent({}, '{"a":1'), isWhole: false })).toBe('{"a":1');
    expect(shownContent(sent({}, null))).toBeUndefined();
  });

  it("are of what is written, or of what waits", () => {
    const written = { attributes: [row("a", "1"), row("", "2"), row("a", "3")], text: "x" };
    expect(attributesOf(written)).toEqual({ a: "3" });
    expect(sampleOf({ written, pinned: undefined })).toEqual({
      attributes: { a: "3" },
      text: "x",
    });
    const pinned = { connection: "A -> B", number: 7, name: "n", attributes: {}, bytes: 1 };
    expect(sampleOf({ written, pinned })).toEqual({ queued: { connection: "A -> B", number: 7 } });
  });
});

describe("the newest of a queue", () => {
  const queue = (numbers: number[]) => {
    let asked = 0;
    const page = (after: number, limit: number) => {
      asked += 1;
      const behind = numbers.filter((number) => number > after);
      const found = behind.slice(0, limit).map((number) => ({ number }) as QueuedFlowfile);
      const next = behind.length > limit ? (found.at(-1)?.number ?? null) : null;
      return Promise.resolve({ count: numbers.length, flowfiles: found, next });
    };
    return { page, asked: () => asked };
  };
  const range = (length: number, of: (at: number) => number) =>
    Array.from({ length }, (_, at) => of(at));

  it("are had at once where numbers have no gaps", async () => {
    const { page, asked } = queue(range(5000, (at) => at + 100));
    const found = await newestOf(page, 20);
    expect(found.map(({ number }) => number)).toEqual(range(20, (at) => 5099 - at));
    expect(asked()).toBe(2);
  });

  it("are found over any gaps", async () => {
    for (const numbers of [
      range(1000, (at) => at * at + 1),
      [...range(500, (at) => at + 1), ...range(30, (at) => 1_000_000 + at)],
      range(25, (at) => at * 100_000 + 3),
    ]) {
      const { page, asked } = queue(numbers);
      const found = await newestOf(page, 20);
      expect(found.map(({ number }) => number)).toEqual(numbers.slice(-20).reverse());
      expect(asked()).toBeLessThanOrEqual(40);
    }
    expect(await newestOf(queue([]).page, 20)).toEqual([]);
    expect(await newestOf(queue([4, 9]).page, 20)).toHaveLength(2);
  });
});

describe("versions of a script", () => {
  let revision = 0;
  const operation = (label: string, ...changes: Change[]): Operation => {
    revision += 1;
    return { revision, kind: "edit", author: "ada", timeMs: 0, label, changes };
  };
  const set = (path: string[], before: Json | undefined, after: Json | undefined): Change => ({
    document: "flow",
    path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });
  const body = (name: string) => ["processors", name, "properties", "Script Body"];
  const made = (text: string) => ({ type: "ExecuteScript", properties: { "Script Body": text } });
  const owner = { group: "", kind: "processor" as const, name: "Count" };

  it("are those operations that made it another text, the newest first", () => {
    const all = [
      operation("made", set(["processors", "Count"], undefined, made("a"))),
      operation("moved", {
        ...set(["positions", "Count"], { x: 1 }, { x: 2 }),
        document: "layout",
      }),
      operation("set", set(body("Count"), "a", "b")),
      operation("other", set(["processors", "Count", "properties", "Time Limit"], "1", "2")),
      operation("all", set(["processors", "Count", "properties"], {}, { "Script Body": "c" })),
    ];
    const { versions, spot } = versionsIn(all, spotOf(owner, "Script Body"));
    expect(versions.map(({ label, text }) => [label, text])).toEqual([
      ["all", "c"],
      ["set", "b"],
      ["made", "a"],
    ]);
    expect(spot).toBeUndefined();
    expect(versionsIn(all, spotOf(owner, "Script Body")).before).toBeUndefined();
    const part = versionsIn(all.slice(2), spotOf(owner, "Script Body"));
    expect([part.versions.length, part.before]).toEqual([2, "a"]);
  });

  it("go on under the name that it had before", () => {
    const all = [
      operation("made", set(["processors", "Old"], undefined, made("a"))),
      operation("set", set(body("Old"), "a", "b")),
      operation(
        "renamed",
        set(["processors", "Old"], made("b"), undefined),
        set(["processors", "Count"], undefined, made("b")),
      ),
      operation("emptied", set(body("Count"), "b", undefined)),
    ];
    const { versions } = versionsIn(all, spotOf(owner, "Script Body"));
    expect(versions.map(({ label, text }) => [label, text])).toEqual([
      ["emptied", ""],
      ["set", "b"],
      ["made", "a"],
    ]);
    const part = versionsIn(all.slice(2), spotOf(owner, "Script Body"));
    expect(part.spot?.thing).toEqual(["processors", "Old"]);
  });
});

describe("a script's language", () => {
  const spec = (name: string, script: string | null, value: string | null = null) =>
    ({ name, script, default: value }) as unknown as PropertySpec;
  const specs = [spec("Engine", null, "Python"), spec("Body", "Engine")];

  it("is what its property says, or the default of that", () => {
    const [, of] = specs;
    if (!of) throw new Error("no script");
    expect(languageName(of, specs, undefined)).toBe("Python");
    expect(languageName(of, specs, { Engine: "JavaScript" })).toBe("JavaScript");
    expect(["Python", "JavaScript", "#{engine}", undefined].map(languageOf)).toEqual([
      ...["python", "javascript", undefined, undefined],
    ]);
  });
});
