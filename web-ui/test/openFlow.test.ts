// The open flow, and what goes on of those that were open before.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api, problemIn } from "../src/api/client";
import type { Listener } from "../src/api/events";
import { useDraft } from "../src/state/draft";
import { commit, deleteFlow, guardLeaving, openFlow } from "../src/state/openFlow";
import { useUi } from "../src/state/ui";
import { refusalFor } from "../src/state/user";
import { FakeServer, problem, set } from "./fake-draft";

/** What the page does when the server tells something. */
const told = vi.hoisted(() => ({ listener: undefined as Listener | undefined }));
vi.mock("../src/api/events", () => ({
  listen: (listener: Listener) => {
    told.listener = listener;
    return () => undefined;
  },
}));

/** A server of its own for each flow. */
const servers = new Map<string, FakeServer>();
const serverOf = (flow: string) => {
  const server = servers.get(flow) ?? new FakeServer();
  servers.set(flow, server);
  return server;
};
const ready = (flow: string) =>
  vi.waitFor(() => {
    expect(useDraft.getState()).toMatchObject({ flow, phase: "ready" });
  });

describe("the open flow", () => {
  beforeEach(() => {
    servers.clear();
    useUi.setState({ toasts: [] });
    vi.spyOn(api, "draft").mockImplementation((flow) => serverOf(flow).draft(flow));
    vi.spyOn(api, "operate").mockImplementation((flow, label, changes) =>
      serverOf(flow).operate(flow, label, changes),
    );
  });

  it("leaves nothing behind that was done in the one before", async () => {
    const page = new EventTarget();
    vi.stubGlobal("window", page);
    guardLeaving();
    const isAsked = () => !page.dispatchEvent(new Event("beforeunload", { cancelable: true }));
    openFlow("a");
    await ready("a");
    expect(isAsked()).toBe(false);
    const answer = serverOf("a").hold();
    void commit("one", set("one", 1));
    void commit("two", set("two", 2));
    openFlow("b");
    await ready("b");
    expect(isAsked()).toBe(true);
    // Back and forth: it is the same draft, with what it shows.
    openFlow("a");
    expect(useDraft.getState().documents.flow).toEqual({ one: 1, two: 2 });
    openFlow("b");
    answer();
    await vi.waitFor(() => {
      expect(isAsked()).toBe(false);
    });
    expect(serverOf("a").labels).toEqual(["one", "two"]);
    expect(useDraft.getState()).toMatchObject({ flow: "b", documents: { flow: {} } });
    vi.unstubAllGlobals();
  });

  it("is not meant where another one refuses: its name is told, and the choice is its own", async () => {
    openFlow("c");
    await ready("c");
    const theirs = serverOf("c");
    const answer = theirs.hold();
    void commit("mine", set("one", "mine"));
    openFlow("d");
    await ready("d");
    theirs.documents = { flow: { one: "theirs" }, layout: {} };
    answer();
    await vi.waitFor(() => {
      expect(useUi.getState().toasts).toHaveLength(1);
    });
    const [toast] = useUi.getState().toasts;
    expect(toast?.title).toBe("c: Somebody changed the same");
    expect(toast?.actions?.[0]?.label).toBe("Use mine");
    toast?.actions?.[0]?.run();
    await vi.waitFor(() => {
      expect(serverOf("c").documents.flow).toEqual({ one: "mine" });
    });
    expect(serverOf("d").labels).toEqual([]);
  });

  it("is only looked at while too much waits to be kept, and says so", async () => {
    openFlow("e");
    await ready("e");
    useDraft.setState({ isFull: true });
    void commit("one", set("one", 1));
    expect(useUi.getState().toasts).toMatchObject([{ title: "Changes could not be kept" }]);
    expect(serverOf("e").labels).toEqual([]);
    expect(refusalFor("operator")).toBeUndefined();
    useDraft.setState({ isFull: false });
    await commit("one", set("one", 1));
    expect(serverOf("e").labels).toEqual(["one"]);
  });
});

describe("a flow that is deleted", () => {
  const phase = () => useDraft.getState().phase;
  beforeEach(() => {
    servers.clear();
    useUi.setState({ toasts: [], dialog: undefined });
    vi.spyOn(api, "draft").mockImplementation((flow) => serverOf(flow).draft(flow));
  });

  it("by somebody else is gone with its dialogs, until there is one again", async () => {
    openFlow("f");
    await ready("f");
    useUi.setState({ dialog: "plan" });
    told.listener?.flows({ removed: "other" });
    expect(phase()).toBe("ready");
    told.listener?.flows({ removed: "f" });
    expect(phase()).toBe("gone");
    expect(useUi.getState().dialog).toBeUndefined();
    told.listener?.flows({ added: "other" });
    expect(phase()).toBe("gone");
    told.listener?.flows({ added: "f" });
    await ready("f");
  });

  it("from here leads away, and is opened anew when there is one again", async () => {
    openFlow("g");
    await ready("g");
    const deleted = { name: "g", file: "g.json.1", warning: null };
    vi.spyOn(api, "deleteFlow").mockImplementationOnce((flow) => {
      told.listener?.flows({ removed: flow });
      return Promise.resolve(deleted);
    });
    // It is not called deleted by somebody: who does it is on the way to the list.
    expect(await deleteFlow("g", false)).toEqual(deleted);
    expect(phase()).toBe("ready");
    serverOf("g").documents = { flow: { another: true }, layout: {} };
    openFlow("g");
    await vi.waitFor(() => {
      expect(useDraft.getState().documents.flow).toEqual({ another: true });
    });
  });

  it("and is not, stays open, and is told of when somebody else deletes it", async () => {
    openFlow("h");
    await ready("h");
    vi.spyOn(api, "deleteFlow").mockRejectedValueOnce(problem(409, { code: "busy" }));
    await expect(deleteFlow("h", false)).rejects.toMatchObject({ problem: { code: "busy" } });
    expect(phase()).toBe("ready");
    told.listener?.flows({ removed: "h" });
    expect(phase()).toBe("gone");
  });
});

describe("a log with damage", () => {
  it("is told of with the name of its flow, until that is read", async () => {
    useUi.setState({ toasts: [] });
    vi.spyOn(api, "draft").mockImplementation((flow) => serverOf(flow).draft(flow));
    serverOf("i").damage = ["the log is damaged", "it is long"];
    openFlow("i");
    await ready("i");
    expect(useUi.getState().toasts).toMatchObject([
      {
        tone: "warning",
        title: "Something is wrong with the log of “i”",
        detail: "The log is damaged. It is long.",
      },
    ]);
  });
});

describe("a server that refuses for now", () => {
  const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"], now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it.each([
    ["7", 7000],
    [new Date(NOW + 60_000).toUTCString(), 60_000],
    ["soon", undefined],
  ])("says when to come again: %s", async (said, expected) => {
    const init = { status: 429, headers: { "retry-after": said } };
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("{}", init)));
    const refused = problemIn(await api.flows().catch((error: unknown) => error));
    expect(refused.retryAfterMs).toBe(expected);
  });
});
