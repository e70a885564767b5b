// What is told at the edge of the page, and for how long it stays.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { dismiss, toast, useUi } from "../src/state/ui";

const titles = () => useUi.getState().toasts.map((each) => each.title);

describe("messages", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    useUi.setState({ toasts: [] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("are bounded, but for those that somebody has to choose about", () => {
    const actions = [{ label: "Use mine", run: () => undefined }];
    const ids = [1, 2, 3, 4, 5, 6].map((number) =>
      toast({ tone: "error", title: `mine ${String(number)}`, actions, isChoice: true }),
    );
    for (let number = 1; number <= 9; number += 1) {
      toast({ tone: "error", title: `told ${String(number)}` });
    }
    const mine = ids.map((_, index) => `mine ${String(index + 1)}`);
    expect(titles()).toEqual([...mine, "told 6", "told 7", "told 8", "told 9"]);
    vi.advanceTimersByTime(3_600_000);
    expect(titles()).toHaveLength(10);
    ids.forEach(dismiss);
    expect(titles()).toEqual(["told 6", "told 7", "told 8", "told 9"]);
  });

  it("go by themselves where nothing went wrong", () => {
    toast({ tone: "info", title: "copied" });
    toast({ tone: "error", title: "refused" });
    toast({ tone: "warning", title: "damaged" });
    toast({ tone: "success", title: "deleted", isLasting: true });
    const actions = [{ label: "Open the trash", run: () => undefined }];
    toast({ tone: "success", title: "thrown away", actions });
    vi.advanceTimersByTime(10_000);
    // Time enough to press its button.
    expect(titles()).toEqual(["refused", "damaged", "deleted", "thrown away"]);
    vi.advanceTimersByTime(60_000);
    expect(titles()).toEqual(["refused", "damaged", "deleted"]);
  });
});
