import { describe, expect, it } from "vitest";
import { folderFlow, freeFlowName, nameOfFolder } from "../src/graph/folderFlow";

describe("a flow for a folder", () => {
  it("is called as the folder, as far as a flow may be", () => {
    expect(nameOfFolder("/data/My music (live)/")).toBe("My-music-live");
    expect(nameOfFolder("C:\\Music\\Bach")).toBe("Bach");
    expect(nameOfFolder("/data/.hidden")).toBe("hidden");
    expect(nameOfFolder("/data/Müller")).toBe("Müller");
    for (const none of ["/", "", "..", "C:\\"]) expect(nameOfFolder(none)).not.toBe("");
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
          "Keep features": { properties: { Directory: "/data/in-features/${path}" } },
        },
      });
    }
  });
});
