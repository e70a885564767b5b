// The draft of one flow, without a page and without a server.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DraftSync, PENDING_MAX } from "../src/state/sync";
import { problem, set, Watched } from "./fake-draft";

describe("a draft", () => {
  it("is sent to its end, also when another flow is shown meanwhile", async () => {
    const { server, sync, ...draft } = new Watched();
    await sync.open();
    const answer = server.hold();
    void sync.commit("one", set("one", 1));
    void sync.commit("two", set("two", 2));
    sync.close();
    expect(sync.isUnsaved()).toBe(true);
    answer();
    await sync.settled();
    expect(server.labels).toEqual(["one", "two"]);
    expect(sync.isUnsaved()).toBe(false);
    expect(draft.refused).toEqual([]);
  });

  it("shows nothing while another flow is open, and what is not sent yet when it is again", async () => {
    const draft = new Watched();
    const { server, sync } = draft;
    await sync.open();
    const answer = server.hold();
    void sync.commit("one", set("one", 1));
    sync.close();
    const { shown } = draft;
    void sync.commit("two", set("two", 2));
    expect(draft.shown).toBe(shown);
    await sync.open();
    expect(draft.shown).toMatchObject({
      isSaving: true,
      documents: { flow: { one: 1, two: 2 } },
    });
    answer();
    await sync.settled();
    expect(draft.shown).toMatchObject({ isSaving: false, revision: 3 });
  });

  it("tells what was refused after another flow was opened, and goes on with the rest", async () => {
    const { server, sync, refused } = new Watched();
    await sync.open();
    server.documents = { flow: { one: "theirs" }, layout: {} };
    void sync.commit("one", set("one", 1));
    void sync.commit("two", set("two", 2));
    sync.close();
    await sync.settled();
    expect(refused).toMatchObject([{ label: "one", conflicts: [{ found: "theirs" }] }]);
    expect(server.labels).toEqual(["two"]);
    await sync.refresh();
    expect(sync.documents.flow).toEqual({ one: "theirs", two: 2 });
  });
});

describe("undo", () => {
  it("takes back what was done here last, step by step, also of what is not answered yet", async () => {
    const draft = new Watched();
    const { server, sync } = draft;
    await sync.open();
    void sync.commit("one", set("one", 1));
    void sync.commit("two", set("two", 2));
    const steps = [sync.undo(), sync.undo()];
    expect((await Promise.all(steps)).map((each) => each?.label)).toEqual(["two", "one"]);
    expect(server.labels).toEqual(["one", "two", "undo two", "undo one"]);
    expect(draft.shown).toMatchObject({ undo: undefined, redo: "one", documents: { flow: {} } });
    await sync.redo();
    expect(draft.shown).toMatchObject({
      undo: "one",
      redo: "two",
      documents: { flow: { one: 1 } },
    });
    // What was done before the page was opened is taken back, too.
    const again = new DraftSync("a", server, { show: () => undefined, refused: () => undefined });
    await again.open();
    expect((await again.undo())?.label).toBe("one");
    expect(draft.refused).toEqual([]);
    again.close();
    sync.close();
  });

  it("takes nothing back that was not shown, and tells what is the newest by now", async () => {
    const draft = new Watched();
    const { server, sync } = draft;
    await sync.open();
    await sync.commit("one", set("one", 1));
    server.take("edit", "in another tab", set("two", 2));
    const [first, second] = await Promise.all([sync.undo(), sync.undo()]);
    expect([first, second]).toEqual([undefined, undefined]);
    expect(server.labels).toEqual(["one", "in another tab"]);
    expect(draft.refused).toMatchObject([
      { step: "undo", problem: { code: "newest" }, newest: "in another tab" },
    ]);
    expect(draft.shown).toMatchObject({ undo: "in another tab", documents: { flow: { two: 2 } } });
    expect((await sync.undo())?.label).toBe("in another tab");
    sync.close();
  });

  it("means an edit that was refused meanwhile, and nothing before it", async () => {
    const { server, sync, refused } = new Watched();
    await sync.open();
    await sync.commit("one", set("one", 1));
    server.failures.push(problem(422));
    void sync.commit("two", set("two", 2));
    expect(await sync.undo()).toBeUndefined();
    expect(server.labels).toEqual(["one"]);
    expect(refused).toMatchObject([{ label: "two" }]);
    sync.close();
  });

  it("says that there is nothing, where nothing is shown", async () => {
    const { server, sync, refused } = new Watched();
    await sync.open();
    server.take("edit", "in another tab", set("two", 2));
    expect(await sync.undo()).toBeUndefined();
    expect(server.labels).toEqual(["in another tab"]);
    expect(refused).toMatchObject([{ problem: { code: "nothingToUndo" } }]);
    sync.close();
  });

  it("is done before what is done after it", async () => {
    const { server, sync } = new Watched();
    await sync.open();
    await sync.commit("one", set("one", 1));
    const undone = sync.undo();
    // Whoever hears of it goes on at once, and that is sent, too.
    void undone.then(() => sync.commit("three", set("three", 3)));
    await sync.commit("two", set("two", 2));
    await undone;
    await sync.settled();
    expect(server.labels).toEqual(["one", "undo one", "two", "three"]);
    sync.close();
  });
});

describe("what the server finds", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is asked for at once after an edit, and once for all that follow soon", async () => {
    const { server, sync } = new Watched();
    await sync.open();
    const asked = vi.spyOn(server, "draft");
    void sync.commit("one", set("one", 1));
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toHaveBeenCalledTimes(1);
    for (const name of ["two", "three", "four"]) {
      await sync.commit(name, set(name, 1));
      await vi.advanceTimersByTimeAsync(20);
    }
    expect(asked).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked).toHaveBeenCalledTimes(2);
    sync.close();
  });
});

describe("a server that cannot be asked now", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, "random").mockReturnValue(1);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it("is asked again, ever more rarely, and it is told since when", async () => {
    const watched = new Watched();
    const { server, sync, refused } = watched;
    await sync.open();
    server.failures.push(problem(0), problem(503), problem(408));
    const since = Date.now();
    void sync.commit("one", set("one", 1));
    await vi.advanceTimersByTimeAsync(0);
    expect(watched.shown).toMatchObject({ failingSince: since, isSaving: true });
    for (const [index, pause] of [500, 1000, 2000].entries()) {
      await vi.advanceTimersByTimeAsync(pause - 1);
      expect(server.failures).toHaveLength(2 - index);
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(server.labels).toEqual(["one"]);
    expect(watched.shown).toMatchObject({ failingSince: undefined, isSaving: false });
    expect(refused).toEqual([]);
    sync.close();
  });

  it("is asked when it said, and at once when it is there again", async () => {
    const { server, sync } = new Watched();
    await sync.open();
    server.failures.push(problem(429, { retryAfterMs: 7000 }));
    void sync.commit("one", set("one", 1));
    await vi.advanceTimersByTimeAsync(0);
    sync.connected();
    await vi.advanceTimersByTimeAsync(6999);
    expect(server.labels).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.labels).toEqual(["one"]);
    server.failures.push(...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(() => problem(502)));
    void sync.commit("two", set("two", 2));
    await vi.advanceTimersByTimeAsync(100_000);
    // Never more rarely than twice a minute.
    expect(server.failures.length).toBeLessThan(2);
    server.failures.length = 0;
    sync.connected();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.labels).toEqual(["one", "two"]);
    sync.close();
  });

  it("is looked at until it answers", async () => {
    const watched = new Watched();
    const { server, sync } = watched;
    server.failures.push(problem(503), problem(429, { retryAfterMs: 100 }));
    await sync.open();
    expect(watched.shown.phase).toBe("failed");
    await vi.advanceTimersByTimeAsync(600);
    expect(watched.shown.phase).toBe("ready");
    server.take("edit", "theirs", set("one", 1));
    server.failures.push(problem(503), problem(503));
    sync.lookAnew();
    await vi.advanceTimersByTimeAsync(60 + 500 + 1000);
    expect(watched.shown.documents.flow).toEqual({ one: 1 });
    // What will not pass is not asked for again.
    server.failures.push(problem(500), problem(500));
    sync.lookSoon();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(server.failures).toHaveLength(1);
    sync.close();
  });

  it("is left alone when its flow is left", async () => {
    const { server, sync } = new Watched();
    server.failures.push(problem(503), problem(503));
    await sync.open();
    sync.close();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(server.failures).toHaveLength(1);
  });

  it("is no reason to keep ever more: nothing is taken until what waits is sent", async () => {
    const watched = new Watched();
    const { server, sync } = watched;
    await sync.open();
    server.failures.push(problem(0));
    for (let number = 0; number < PENDING_MAX; number += 1) {
      expect(watched.shown.isFull).toBe(false);
      void sync.commit(String(number), set(`m${String(number)}`, number));
    }
    expect(watched.shown.isFull).toBe(true);
    void sync.commit("more", set("two", 2));
    expect(Object.keys(watched.shown.documents.flow)).toHaveLength(PENDING_MAX);
    expect(watched.shown.documents.flow).not.toHaveProperty("two");
    await vi.advanceTimersByTimeAsync(500);
    expect(server.labels).toHaveLength(PENDING_MAX);
    expect(watched.shown.isFull).toBe(false);
    expect(watched.shown.documents).toEqual(server.documents);
    sync.close();
  });
});

describe("a draft whose flow is deleted", () => {
  const noFlow = () => problem(404, { code: "noFlow" });

  it("is gone at once, with what is not sent yet, and is asked for no more", async () => {
    const draft = new Watched();
    const { server, sync } = draft;
    await sync.open();
    const answer = server.hold();
    void sync.commit("one", set("one", 1));
    void sync.commit("two", set("two", 2));
    const undone = sync.undo();
    sync.end();
    expect(draft.shown).toMatchObject({ phase: "gone", isSaving: false, problem: undefined });
    expect(sync.isUnsaved()).toBe(false);
    expect(await undone).toBeUndefined();
    answer();
    await sync.settled();
    void sync.commit("three", set("three", 3));
    sync.lookAnew();
    await sync.settled();
    expect(server.labels).toEqual(["one"]);
    expect(draft.shown).toMatchObject({ phase: "gone", documents: { flow: {} }, undo: undefined });
    expect(draft.refused).toEqual([]);
  });

  it("is not told to have been refused by a flow that is not there any more", async () => {
    const draft = new Watched();
    const { server, sync } = draft;
    await sync.open();
    const answer = server.hold();
    void sync.commit("one", set("one", 1));
    sync.end();
    server.failures.push(noFlow());
    answer();
    await sync.settled();
    expect(draft.refused).toEqual([]);
  });

  it("is known to be gone when it is looked at, too", async () => {
    const draft = new Watched();
    const { server, sync } = draft;
    await sync.open();
    server.failures.push(noFlow());
    sync.connected();
    await vi.waitFor(() => {
      expect(draft.shown).toMatchObject({ phase: "gone", problem: undefined });
    });
  });

  it("was never there where the first look finds none", async () => {
    const draft = new Watched();
    draft.server.failures.push(noFlow());
    await draft.sync.open();
    expect(draft.shown).toMatchObject({ phase: "gone", problem: { code: "noFlow" } });
  });
});

describe("a log with damage", () => {
  it("is told of once for each opening, and of what comes to it", async () => {
    const draft = new Watched();
    const { server, sync } = draft;
    server.damage = ["cut"];
    await sync.open();
    void sync.commit("one", set("one", 1));
    await sync.settled();
    await sync.refresh();
    sync.lookAnew();
    await vi.waitFor(() => {
      expect(draft.shown.undo).toBe("one");
    });
    expect(draft.damage).toEqual([["cut"]]);
    server.damage = ["cut", "long"];
    sync.lookAnew();
    await vi.waitFor(() => {
      expect(draft.damage).toEqual([["cut"], ["long"]]);
    });
    sync.close();
    await sync.open();
    await vi.waitFor(() => {
      expect(draft.damage).toEqual([["cut"], ["long"], ["cut", "long"]]);
    });
  });
});
