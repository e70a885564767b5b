import { describe, expect, it } from "vitest";
import { folderFlow, nameOfFolder } from "../src/graph/folderFlow";
import { freeFlowName, isFlowName } from "../src/graph/flowNames";

type Processors = Record<
  string,
  { properties?: Record<string, string>; autoTerminate?: string[] } | undefined
>;
const processorsFor = (folder: string) => folderFlow("in", folder, "").processors as Processors;

describe("a flow for a folder", () => {
  it("is called as the folder, as far as a flow may be", () => {
    expect(nameOfFolder("/data/My music (live)/")).toBe("My-music-live");
    expect(nameOfFolder("C:\\Music\\Bach")).toBe("Bach");
    expect(nameOfFolder("/data/.hidden")).toBe("hidden");
    expect(nameOfFolder("/data/Müller")).toBe("Müller");
    for (const none of ["/", "", "..", "C:\\"]) expect(nameOfFolder(none)).not.toBe("");
  });

  it("keeps letters whole, and those that are written as two signs", () => {
    // As a Mac writes "Müller".
    expect(nameOfFolder("/data/Mu\u0308ller")).toBe("Müller");
    // A vowel of Hindi is a mark, and a letter all the same; a mark alone is none.
    expect(nameOfFolder("/data/रागा")).toBe("रागा");
    expect(nameOfFolder("/data/x\u0332y")).toBe("xy");
    expect(nameOfFolder(`/${"a".repeat(99)}`)).toBe("a".repeat(60));
    const script = nameOfFolder(`/a${"𝒜".repeat(80)}`);
    expect(script).toMatch(/^a𝒜{40,}$/u);
    for (const folder of [`a${"𝒜".repeat(80)}`, "take.tests", "a.schema", `${"x".repeat(59)}-yz`]) {
      const name = nameOfFolder(folder);
      expect(isFlowName(freeFlowName(name, [name]))).toBe(true);
      expect(encodeURIComponent(name)).not.toBe("");
    }
  });

  it("takes no name that is taken", () => {
    expect(freeFlowName("a", ["b"])).toBe("a");
    expect(freeFlowName("a", ["a", "a-2"])).toBe("a-3");
  });

  it("reads the folder, removes nothing, and writes beside it", () => {
    for (const folder of ["/data/in", "/data/in/"]) {
      expect(folderFlow("in", folder, "")).toMatchObject({
        processors: {
          "Pick up recordings": {
            properties: { Directory: "/data/in", "Keep Source File": "true" },
          },
          "Keep features": {
            properties: {
              Directory: "/data/in-features/${path}",
              // A second run writes the same files anew.
              "Conflict Resolution Strategy": "replace",
            },
          },
        },
      });
    }
    // All results would be one file.
    expect(processorsFor("/in")["Keep features"]?.properties).not.toHaveProperty("filename");
  });

  it("takes what a folder is called for its name only", () => {
    const processors = processorsFor("/data/${x} #{y} $$");
    expect(processors["Pick up recordings"]?.properties?.Directory).toBe("/data/${x} ##{y} $$");
    expect(processors["Keep features"]?.properties?.Directory).toBe(
      "/data/$${x} ##{y} $$-features/${path}",
    );
  });

  it("picks up recordings, whatever the case of their endings, and no hidden files", () => {
    const filter = processorsFor("/in")["Pick up recordings"]?.properties?.["File Filter"] ?? "";
    const pattern = new RegExp(`^${filter.replace("(?i)", "")}$`, "i");
    for (const name of ["a.wav", "a b.FLAC", "x.y.mp3"]) expect(pattern.test(name)).toBe(true);
    for (const name of [".a.wav", "a.txt", "wav"]) expect(pattern.test(name)).toBe(false);
  });

  it("leads everything somewhere, or ends it", () => {
    const processors = processorsFor("/in");
    expect(processors.Decode?.autoTerminate).toEqual(["failure"]);
    expect(processors["Extract features"]?.autoTerminate).toEqual(["failure"]);
    expect(processors["Keep features"]?.autoTerminate).toEqual(["failure", "success"]);
  });
});

describe("a name of a flow", () => {
  it("is what the server takes", () => {
    const right = ["a", "Müller", "a.b-c_1", "रागा", "a".repeat(128)];
    const wrong = ["", "a b", "a/b", ".a", "a.layout", "a.tests", "a.schema", "x\u0332"];
    for (const name of right) expect(isFlowName(name), name).toBe(true);
    for (const name of [...wrong, "a".repeat(129), "𝒜".repeat(51)]) {
      expect(isFlowName(name), name).toBe(false);
    }
  });
});
