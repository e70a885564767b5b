// The draft of one flow, without a page and without a server.
import { describe, expect, it } from "vitest";
import { DraftSync } from "../src/state/sync";
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
      { step: "undo", problem: { code: "stale" }, newest: "in another tab" },
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
