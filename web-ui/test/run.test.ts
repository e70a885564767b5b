// Starting and stopping: who is told of what became of it.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { control } from "../src/actions/run";
import { api } from "../src/api/client";
import { NO_DRAFT, useDraft } from "../src/state/draft";
import { useUi } from "../src/state/ui";

const names = (count: number) => Array.from({ length: count }, (_, index) => `P${String(index)}`);

function refusing(count: number): void {
  const refused = names(count).map((path) => ({ path, code: "c", detail: `not ${path}` }));
  vi.spyOn(api, "control").mockResolvedValue({ refused });
}

const announced = () => useUi.getState().announcement;
const told = () => useUi.getState().toasts.map(({ title, detail }) => `${title}: ${detail ?? ""}`);

describe("what is started", () => {
  beforeEach(() => {
    useUi.setState({ toasts: [], announcement: "" });
    useDraft.setState({ ...NO_DRAFT, flow: "copy" });
  });

  it("is announced when all of it is", async () => {
    refusing(0);
    await control("start");
    expect(announced()).toBe("copy starts");
    await control("stop", ["A/B"]);
    expect(announced()).toBe("A/B stops");
    await control("start", names(3));
    expect(announced()).toBe("Start: 3 processors");
    expect(told()).toEqual([]);
  });

  it("is not announced where it refuses", async () => {
    refusing(1);
    await control("start", ["P0"]);
    expect(announced()).toBe("");
    expect(told()).toEqual(["P0: not P0"]);
    await control("start", names(2));
    expect(announced()).toBe("P1 starts");
    await control("start", names(5));
    expect(announced()).toBe("Start: 4 processors");
  });

  it("is told or counted wherever it refuses", async () => {
    refusing(3);
    await control("start", names(3));
    expect(told()).toEqual(["P0: not P0", "P1: not P1", "1 more cannot do this: P2"]);
    useUi.setState({ toasts: [] });
    refusing(15);
    await control("start");
    expect(announced()).toBe("");
    expect(told().at(-1)).toBe(
      "13 more cannot do this: P2, P3, P4, P5, P6, P7, P8, P9, P10, P11, and 3 more",
    );
  });
});
