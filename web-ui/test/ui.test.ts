// What is told at the edge of the page, and for how long it stays.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { dismiss, dismissAbout, toast, useUi } from "../src/state/ui";

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

  it("are told once where they are equal, for as long as the last", () => {
    const no = { tone: "info", title: "Your role does not allow this", detail: "viewer" } as const;
    toast(no);
    vi.advanceTimersByTime(5000);
    toast({ ...no, detail: "operator" });
    toast(no);
    expect(useUi.getState().toasts.map((each) => each.detail)).toEqual(["operator", "viewer"]);
    vi.advanceTimersByTime(5000);
    expect(titles()).toHaveLength(2);
    vi.advanceTimersByTime(5000);
    expect(titles()).toEqual([]);
    // A choice holds what is nowhere else, whatever it is called.
    const choice = { tone: "error", title: "the same", isChoice: true } as const;
    toast(choice);
    toast(choice);
    expect(titles()).toHaveLength(2);
  });

  it("go when what they are about has changed", () => {
    toast({ tone: "success", title: "in the trash", about: "trash" });
    toast({ tone: "success", title: "saved" });
    dismissAbout("trash");
    expect(titles()).toEqual(["saved"]);
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
