// Which boxes are marked for what their processors have told.
import { describe, expect, it } from "vitest";
import type { Bulletin } from "../src/api/types";
import { newestTold, toneTold, TOLD_MS } from "../src/state/told";

const NOW = 1_800_000_000_000;
const told = (component: string, level: Bulletin["level"], agoMs: number): Bulletin => ({
  component,
  level,
  timeMs: NOW - agoMs,
  firstMs: 0,
  flow: "a",
  flowfile: null,
  filename: null,
  message: `${level} of ${component}`,
  help: null,
  count: 1,
});

describe("a box", () => {
  const bulletins = [
    told("Get", "info", 0),
    told("Get", "warning", 10),
    told("Get", "error", 20),
    told("Group/Put", "warning", 30),
    told("Old", "error", TOLD_MS),
  ];

  it("is marked for errors and warnings of the last minutes", () => {
    expect(newestTold(bulletins, "Get", NOW)?.message).toBe("warning of Get");
    expect(toneTold(bulletins, "Get", NOW)).toBe("bad");
    expect(toneTold(bulletins, "Group/Put", NOW)).toBe("warn");
    expect(newestTold(bulletins, "Put", NOW)).toBeUndefined();
  });

  it("is not marked any more when that is long ago", () => {
    expect(toneTold(bulletins, "Old", NOW)).toBeUndefined();
    expect(toneTold(bulletins, "Old", NOW - 1)).toBe("bad");
    expect(toneTold(bulletins, "Get", NOW + TOLD_MS)).toBeUndefined();
  });
});
