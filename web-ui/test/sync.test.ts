import { describe, expect, it } from "vitest";
import { set, Watched } from "./fake-draft";

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
