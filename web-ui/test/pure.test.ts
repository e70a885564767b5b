import { describe, expect, it } from "vitest";
import type { Finding, PropertySpec } from "../src/api/types";
import {
  boundsOf,
  neighbour,
  overlaps,
  portOffset,
  wiresOf,
  type Box,
  type Wire,
} from "../src/graph/boxes";
import { hexRows, prettyJson, textOf, viewsOf } from "../src/queue/content";
import { familyOf, wordsOf } from "../src/graph/families";
import { indexFindings, locate, ofMember, readPath } from "../src/graph/findings";
import { bytes, clock, count, duration, moment } from "../src/messages/format";
import { figuresOf, isMeasured, known, timesOf } from "../src/figures/figures";
import { way } from "../src/graph/geometry";
import { withLanes } from "../src/graph/lanes";
import { layoutAll, layoutRest } from "../src/graph/layout";
import { blocksOf, isSafe } from "../src/components/blocks";
import { outlineOf } from "../src/graph/outline";
import { inheritable, parametersIn, reference, servicesOf } from "../src/graph/scope";
import { fit, search } from "../src/graph/search";
import { usesOf, usesOfContext, usesOfService, type Use } from "../src/graph/uses";
import { flowHash, readRoute } from "../src/state/route";
import { keysOf } from "../src/actions/registry";

function finding(path: string, element: Finding["element"] = null): Finding {
  const place = { file: "", line: 1, column: 1, length: 1, path };
  return { code: "T0105", severity: "error", message: "m", help: null, place, element };
}

const textOfUse = ({ group, name, property }: Use) =>
  `${group === "" ? name : `${group}/${name}`}: ${property}`;

/** A chance that is the same each time. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

function randomGraph(seed: number): { boxes: Box[]; wires: Wire[] } {
  const next = chance(seed);
  const amount = 2 + Math.floor(next() * 30);
  const boxes = Array.from({ length: amount }, (_, index): Box => {
    const kind = index % 7 === 6 ? "label" : index % 5 === 4 ? "funnel" : "processor";
    const size = kind === "processor" ? { width: 240, height: 104 } : { width: 48, height: 48 };
    const name = `B${String(index)}`;
    return { name, path: name, kind, x: 0, y: 0, ...size, inputs: [], outputs: [] };
  });
  const connections = Object.fromEntries(
    Array.from({ length: Math.floor(amount * 1.5) }, (_, index) => {
      const end = () => `B${String(Math.floor(next() * amount))}`;
      return [`w${String(index)}`, { from: end(), to: end(), relationships: ["success"] }];
    }),
  );
  return { boxes, wires: wiresOf({ connections }, "", {}) };
}

describe("layout", () => {
  it("lets nothing overlap, in fifty graphs of chance, and is the same each time", async () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const { boxes, wires } = randomGraph(seed);
      const places = await layoutAll(boxes, wires);
      expect(await layoutAll([...boxes], [...wires].reverse())).toEqual(places);
      const placed = boxes.map((box) => ({ ...box, ...places.get(box.name) }));
      for (const [index, left] of placed.entries()) {
        for (const right of placed.slice(index + 1)) {
          expect(overlaps(left, right), `${left.name} ${right.name} of ${String(seed)}`).toBe(
            false,
          );
        }
      }
    }
  });

  it("keeps what is placed, and lets the rest overlap nothing", async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const { boxes, wires } = randomGraph(seed);
      const places = await layoutAll(boxes, wires);
      const unplaced = new Set(boxes.filter((_, index) => index % 3 === 0).map((box) => box.name));
      const given = boxes.map((box) => ({ ...box, ...places.get(box.name) }));
      const rest = await layoutRest(given, wires, unplaced);
      expect([...rest.keys()].sort()).toEqual([...unplaced].sort());
      const all = given.map((box) => ({ ...box, ...rest.get(box.name) }));
      for (const [index, left] of all.entries()) {
        for (const right of all.slice(index + 1)) expect(overlaps(left, right)).toBe(false);
      }
    }
  });

  it("finds the nearest box in a direction", () => {
    const at = (name: string, x: number, y: number): Box => ({
      ...{ name, path: name, kind: "processor", x, y, width: 10, height: 10 },
      ...{ inputs: [], outputs: [] },
    });
    const middle = at("m", 0, 0);
    const boxes = [middle, at("r", 50, 4), at("far", 40, 300), at("d", 3, 90)];
    expect(neighbour(boxes, middle, "right")?.name).toBe("r");
    expect(neighbour(boxes, middle, "down")?.name).toBe("d");
    expect(neighbour(boxes, middle, "left")).toBeUndefined();
    expect(boundsOf(boxes)).toEqual({ x: 0, y: 0, width: 60, height: 310 });
    expect(boundsOf([])).toBeUndefined();
    expect(portOffset(["a", "b"], "none")).toBeUndefined();
  });
});

describe("wires", () => {
  it("end where they are to, also back, to themselves and through bends", () => {
    const ends = [
      [
        { x: 0, y: 0 },
        { x: 300, y: 50 },
      ],
      [
        { x: 300, y: 0 },
        { x: 0, y: 50 },
      ],
      [
        { x: 240, y: 50 },
        { x: 0, y: 50 },
      ],
    ] as const;
    for (const [from, to] of ends) {
      for (const bends of [[], [{ x: 50, y: 99 }]]) {
        const { path } = way(from, to, bends);
        expect(path.startsWith(`M ${String(from.x)} ${String(from.y)} `)).toBe(true);
        expect(path.endsWith(`${String(to.x)} ${String(to.y)}`)).toBe(true);
      }
    }
  });

  it("that are parallel have their labels apart", () => {
    const labels = [0, 1, 2].map(
      (index) => way({ x: 0, y: 0 }, { x: 300, y: 0 }, [], index, 3).middle.y,
    );
    expect((labels[1] ?? 0) - (labels[0] ?? 0)).toBeGreaterThan(26);
    expect(labels[1]).toBe(0);
  });
});

describe("findings", () => {
  it("read paths as the server writes them", () => {
    expect(readPath('$.processors["Get \\"it\\""].type[3]')).toEqual([
      "processors",
      'Get "it"',
      "type",
      "3",
    ]);
    expect(readPath("$")).toEqual([]);
  });

  it("are of things in groups, and of their members", () => {
    const at = locate(finding('$.groups.A.groups["B C"].processors.P.properties["Object Key"]'));
    expect(at).toMatchObject({ group: "A/B C", kind: "processor", name: "P" });
    expect(at.member).toEqual(["properties", "Object Key"]);
    expect(locate(finding("$.groups.A.parameterContext"))).toMatchObject({
      group: "",
      kind: "group",
      name: "A",
    });
    expect(locate(finding("$.name")).kind).toBeUndefined();
  });

  it("of connections go by their names, though files number them", () => {
    const element = { kind: "connection" as const, path: "A/x [y] -> G/In" };
    const at = locate(finding("$.groups.A.connections[0].relationships[1]", element));
    expect(at).toMatchObject({ group: "A", kind: "connection", name: "x [y] -> G/In" });
  });

  it("count for the groups around, too", () => {
    const index = indexFindings([finding("$.groups.A.processors.P.type")]);
    expect([...index.byPath.keys()]).toEqual(["A/P", "A"]);
    expect(ofMember(index.byPath.get("A/P") ?? [], ["type"])).toHaveLength(1);
    expect(ofMember(index.byPath.get("A/P") ?? [], ["properties"])).toHaveLength(0);
  });
});

describe("search", () => {
  it("takes letters in order, beginnings first", () => {
    const names = ["HandleHttpRequest", "DecodeAudio", "DeleteObject", "LogAttribute"];
    const find = (typed: string) => search(names, typed, (text) => [{ text, weight: 1 }]);
    expect(find("dec")[0]).toBe("DecodeAudio");
    expect(find("da")[0]).toBe("DecodeAudio");
    expect(find("hhr")[0]).toBe("HandleHttpRequest");
    expect(find("zzz")).toEqual([]);
    expect(find("")).toEqual(names);
    expect(fit("Decode", "decode")).toBeGreaterThan(fit("Decoder", "decode"));
  });
});

describe("texts", () => {
  it("of amounts and times are short", () => {
    expect([0, 999, 12_345, 2_000_000].map(count)).toEqual(["0", "999", "12.3K", "2M"]);
    expect([0, 1023, 1536, 5 * 1024 ** 3].map(bytes)).toEqual([
      "0 B",
      "1023 B",
      "1.5 KB",
      "5.0 GB",
    ]);
    const noon = new Date(2026, 4, 3, 12).getTime();
    expect(moment(noon, noon + 1)).toBe(clock(noon));
    expect(moment(noon, noon + 86_400_000)).toBe("3 May 2026, 12:00:00");
    expect([5, 1500, 61_000, 3_600_000 * 5].map(duration)).toEqual([
      "5 ms",
      "1.5 s",
      "1 min 1 s",
      "5 h 0 min",
    ]);
  });

  it("of types are words", () => {
    expect(
      ["DecodeAudio", "InvokeHTTP", "HandleHttpRequest", "AttributesToJSON"].map(wordsOf),
    ).toEqual(["Decode audio", "Invoke HTTP", "Handle http request", "Attributes to JSON"]);
    expect(familyOf(undefined)).toBe("other");
  });

  it("in Markdown become blocks, and no link leads elsewhere than to the web", () => {
    const blocks = blocksOf("A **b** `c` [d](https://e)\n\n- one\n- two\n  more\n\n```\ncode\n```");
    expect(blocks.map((block) => block.type)).toEqual(["paragraph", "list", "code"]);
    expect(blocks[1]).toMatchObject({ items: [[{ text: "one" }], [{ text: "two more" }]] });
    expect(["javascript:alert(1)", "https://a", "data:x", "#b"].map(isSafe)).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });
});

describe("contents", () => {
  const of = (text: string) => new TextEncoder().encode(text);
  it("are looked at as what they are", () => {
    expect(viewsOf("audio/wav", of("RIFF"))[0]).toBe("audio");
    expect(viewsOf("image/png", of("x"))[0]).toBe("image");
    expect(viewsOf(undefined, of(' {"a":1}'))).toEqual(["json", "text", "hex"]);
    expect(viewsOf("text/plain", of("a"))).toEqual(["text", "hex"]);
    expect(viewsOf("text/plain", new Uint8Array([0, 255]))).toEqual(["hex"]);
    // It may have scripts, and is none of the pictures.
    expect(viewsOf("image/svg+xml", of("<svg/>"))).toEqual(["text", "hex"]);
  });

  it("may be cut in the middle of a letter", () => {
    expect(textOf(of("né").subarray(0, 2))).toBe("n");
    expect(textOf(new Uint8Array([255, 254, 253, 252, 251]))).toBeUndefined();
    expect(prettyJson('{"a":1}')).toEqual({ text: '{\n  "a": 1\n}', isWhole: true });
    expect(prettyJson('{"a":').isWhole).toBe(false);
    const [row] = hexRows(of("Hi\n"), 1);
    expect(row).toEqual({ offset: "00000000", bytes: "48 69 0a", text: "Hi·" });
  });
});

describe("scope", () => {
  const flow = {
    parameterContext: "main",
    parameterContexts: {
      base: { parameters: { key: { sensitive: true }, in: { value: "base" } } },
      main: { inherits: ["base", "main"], parameters: { in: { value: "own" }, "two words": {} } },
    },
    services: { Cache: { type: "MapCache" } },
    groups: {
      G: {
        processors: {
          P: { type: "T", properties: { a: "#{in} ##{in}", b: "#{'two words'}", c: "###{in}" } },
        },
      },
    },
  };

  it("has a context's own parameters before inherited ones", () => {
    const found = parametersIn(flow, "G");
    expect(found.map((each) => each.name)).toEqual(["in", "key", "two words"]);
    expect(found[0]?.value).toBe("own");
    expect(found[1]?.isSensitive).toBe(true);
    expect([reference("a-b"), reference("two words")]).toEqual(["#{a-b}", "#{'two words'}"]);
  });

  it("has services of groups around, by kind", () => {
    const type = { type: "MapCache", offers: "map cache" } as never;
    expect(servicesOf(flow, "G", "map cache", [type])).toEqual(["Cache"]);
    expect(servicesOf(flow, "G", "other", [type])).toEqual([]);
  });

  it("tells where a parameter is used", () => {
    expect(usesOf(flow, "in").map(textOfUse)).toEqual(["G/P: a", "G/P: c"]);
    expect(usesOf(flow, "two words").map(textOfUse)).toEqual(["G/P: b"]);
    expect(usesOf(flow, "key")).toEqual([]);
  });

  it("tells who has a context, and what could be inherited without a circle", () => {
    const tree = {
      parameterContext: "main",
      parameterContexts: {
        base: { inherits: ["root"] },
        main: { inherits: ["base"] },
        other: {},
        root: {},
      },
      groups: { G: { groups: { H: { parameterContext: "main" } } } },
    };
    const told = usesOfContext(tree, "main").map(({ kind, group, name }) => [kind, group, name]);
    expect(told).toEqual([
      ["group", "", ""],
      ["group", "G", "H"],
    ]);
    expect(usesOfContext(tree, "root").map(({ kind, name }) => [kind, name])).toEqual([
      ["context", "base"],
    ]);
    expect(inheritable(tree, "main")).toEqual(["other", "root"]);
    expect(inheritable(tree, "base")).toEqual(["other"]);
    expect(inheritable(tree, "root")).toEqual(["other"]);
    expect(inheritable(tree, "other")).toEqual(["base", "main", "root"]);
  });

  it("tells who uses a service, and not one of that name that is nearer", () => {
    const spec = (name: string, kind: object) => ({ name, kind }) as unknown as PropertySpec;
    const specsOf = () => [spec("Cache", { type: "service", service: "Map" }), spec("a", {})];
    const user = { type: "T", properties: { Cache: "M", a: "M" } };
    const tree = {
      services: { M: { type: "S" }, N: { type: "S", properties: { Cache: "M" } } },
      processors: { P: user },
      groups: {
        G: { processors: { P: user }, groups: { H: { processors: { P: user } } } },
        Own: { services: { M: { type: "S" } }, processors: { P: user } },
      },
    };
    expect(usesOfService(tree, "", "M", specsOf).map(textOfUse)).toEqual([
      "N: Cache",
      "P: Cache",
      "G/P: Cache",
      "G/H/P: Cache",
    ]);
    expect(usesOfService(tree, "Own", "M", specsOf).map(textOfUse)).toEqual(["Own/P: Cache"]);
    expect(usesOfService(tree, "", "N", specsOf)).toEqual([]);
  });
});

describe("outline", () => {
  it("has a line for each thing that is seen", () => {
    const flow = {
      processors: { A: { type: "T" } },
      groups: { G: { processors: { B: { type: "T" } }, inputPorts: { In: {} } } },
      connections: { "A [x] -> G/In": { from: "A", relationships: ["x"], to: "G/In" } },
    };
    const all = outlineOf(flow, new Set());
    expect(all.map((line) => `${String(line.level)} ${line.name}`)).toEqual([
      "1 A",
      "2 A [x] -> G/In",
      "1 G",
      "2 In",
      "2 B",
    ]);
    const [first, wire, group] = all;
    expect(outlineOf(flow, new Set(["G"]))).toEqual([first, wire, { ...group, isOpen: false }]);
  });
});

describe("addresses and keys", () => {
  it("lead to what they were made of", () => {
    const route = { page: "flow", flow: "a b", path: "G/ü?", connection: "In -> P [x]" } as const;
    expect(readRoute(flowHash(route.flow, route.path, route.connection))).toEqual(route);
    expect(readRoute("")).toEqual({ page: "home", isList: false });
    expect(readRoute("#/flows")).toEqual({ page: "home", isList: true });
    expect(readRoute("#/flows/%E0%A4%A")).toMatchObject({ flow: "%E0%A4%A" });
  });

  it("are named in one way", () => {
    const none = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, code: "" };
    expect(keysOf({ ...none, key: "z", ctrlKey: true, shiftKey: true })).toBe("Mod+Shift+Z");
    expect(keysOf({ ...none, key: "?", shiftKey: true })).toBe("?");
    expect(keysOf({ ...none, key: "ArrowUp", altKey: true })).toBe("Alt+ArrowUp");
    // A Mac's keyboard writes another letter with Alt.
    const alt = { ...none, altKey: true, shiftKey: true };
    expect(keysOf({ ...alt, key: "Ç", code: "KeyC" })).toBe("Alt+Shift+C");
    expect(keysOf({ ...none, key: "ä", code: "Quote" })).toBe("ä");
  });
});

describe("lanes", () => {
  const at = (name: string, x: number, y: number): Box => ({
    ...{ name, path: name, kind: "processor", x, y, width: 240, height: 104 },
    ...{ inputs: [], outputs: [] },
  });

  it("are for wires that would run across a box, and are apart", () => {
    const boxes = [at("a", 0, 0), at("b", 400, 0), at("c", 800, 0)];
    const connections = {
      one: { from: "a", to: "b" },
      two: { from: "a", to: "c", relationships: ["x"] },
      three: { from: "a", to: "c", relationships: ["y"] },
    };
    const lanes = withLanes(wiresOf({ connections }, "", {}), boxes).map((wire) => wire.lane);
    expect(lanes[0]).toBeUndefined();
    expect(lanes[1]).toBeGreaterThan(104);
    expect(Math.abs((lanes[2] ?? 0) - (lanes[1] ?? 0))).toBeGreaterThanOrEqual(40);
  });
});

describe("figures of the past", () => {
  const history = (known: number) => ({
    stepSeconds: 10,
    untilMs: 1_000_000,
    series: {
      tasks: Array.from({ length: 360 }, (_, at) => (at < 360 - known ? null : 3)),
      taskMs: Array.from({ length: 360 }, (_, at) => (at < 360 - known ? null : 5000)),
    },
  });
  it("are drawn in units that a person reads", () => {
    const [tasks, threads] = figuresOf(history(360));
    expect(tasks?.show(tasks.lines[0]?.values[0] ?? 0)).toBe("18/min");
    expect(threads?.show(threads.lines[0]?.values[0] ?? 0)).toBe("0.50");
    expect(timesOf(history(360)).slice(-2)).toEqual([990, 1000]);
    // There is no half of a flowfile.
    const series = { queued: [1, 1, 0], queuedBytes: [512, 512, 0] };
    const [queued, size] = figuresOf({ ...history(3), series });
    expect(queued?.steps?.every(Number.isInteger)).toBe(true);
    expect(size?.steps?.slice(0, 3)).toEqual([1, 2, 4]);
    expect(threads?.steps).toBeUndefined();
  });
  it("begin where something is known, and are never a hair", () => {
    expect(timesOf(known(history(100)))).toHaveLength(100);
    expect(timesOf(known(history(2)))).toHaveLength(30);
    expect(timesOf(known(history(0)))).toHaveLength(30);
    expect([history(0), history(1)].map(isMeasured)).toEqual([false, true]);
  });
});
