import { createServer, type Server } from "node:http";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { JsonObject, ProcessorType, Role } from "../src/api/types";
import { change } from "../src/graph/changes";
import { DraftSync, insisting, useDraft, type Refusal } from "../src/state/draft";
import { isAtLeast, lookWho, signIn, useUser } from "../src/state/user";
import { Fake } from "./fake";

const types = JSON.parse(
  readFileSync(new URL("fixtures/processor-types.json", import.meta.url), "utf8"),
) as ProcessorType[];
const flow: JsonObject = {
  format: 1,
  name: "a",
  processors: { Get: { type: "GetFile", properties: { Directory: "/in" } } },
};
const DIRECTORY = ["processors", "Get", "properties", "Directory"];

let server: Server;
let fake: Fake;
let refused: Refusal[];
let sync: DraftSync;

beforeEach(async () => {
  fake = new Fake(types);
  fake.add(flow);
  server = createServer((request, response) => {
    void fake.handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const real = fetch;
  vi.stubGlobal("fetch", (path: string, init?: RequestInit) =>
    real(`http://127.0.0.1:${String(port)}${path}`, init),
  );
  refused = [];
  sync = new DraftSync("a", (refusal) => refused.push(refusal));
  await sync.open();
});

afterEach(() => {
  sync.close();
  vi.unstubAllGlobals();
  server.close();
});

const shown = () => useDraft.getState().documents;
const directory = () =>
  (shown().flow.processors as { Get: { properties: { Directory: string } } }).Get.properties
    .Directory;
const set = (value: string) => change(shown(), "flow", DIRECTORY, value);
const theirs = (value: string) =>
  fake.edit("a", "theirs", [
    { document: "flow", path: DIRECTORY, before: directory(), after: value },
  ]);

describe("a session that ends", () => {
  it("keeps what is not sent, and sends it after signing in", async () => {
    await lookWho();
    expect(useUser.getState()).toMatchObject({ phase: "in", user: { name: "ann" } });
    fake.needsLogin = true;
    const sent = sync.commit("one", set("/one"));
    await vi.waitFor(() => {
      expect(useUser.getState()).toMatchObject({ phase: "out", isExpired: true });
    });
    expect(directory()).toBe("/one");
    expect(fake.flows.get("a")?.log).toHaveLength(0);
    await expect(signIn("ann", "wrong")).rejects.toThrow();
    expect(useUser.getState()).toMatchObject({ phase: "out", isExpired: true });
    await signIn("ann", "right");
    await sent;
    expect(useUser.getState()).toMatchObject({ phase: "in", isExpired: false });
    expect(fake.flows.get("a")?.log).toHaveLength(1);
    expect(refused).toEqual([]);
  });
});

describe("roles", () => {
  it("may what those before them may, and nobody is refused where there are no users", () => {
    const user = (role: Role) => ({
      phase: "in" as const,
      user: { name: "a", role },
      isExpired: false,
    });
    expect(isAtLeast(user("viewer"), "operator")).toBe(false);
    expect(isAtLeast(user("operator"), "operator")).toBe(true);
    expect(isAtLeast(user("admin"), "editor")).toBe(true);
    expect(isAtLeast({ phase: "free", user: undefined, isExpired: false }, "admin")).toBe(true);
  });
});

describe("the draft", () => {
  it("is what the server has", () => {
    expect(useDraft.getState()).toMatchObject({ phase: "ready", revision: 1, isAhead: false });
    expect(directory()).toBe("/in");
  });

  it("shows an edit at once, and counts it when the server has taken it", async () => {
    const sent = sync.commit("one", set("/one"));
    expect(directory()).toBe("/one");
    expect(useDraft.getState().isSaving).toBe(true);
    await sent;
    expect(useDraft.getState()).toMatchObject({ revision: 2, isSaving: false, undo: "one" });
    expect(fake.flows.get("a")?.log).toHaveLength(1);
  });

  it("sends edits in their order, each on top of the last", async () => {
    void sync.commit("one", set("/one"));
    void sync.commit("two", set("/two"));
    await sync.settled();
    expect(fake.flows.get("a")?.log.map((each) => each.label)).toEqual(["one", "two"]);
    expect(refused).toEqual([]);
  });

  it("takes an edit back when somebody changed the same, and tells both values", async () => {
    theirs("/theirs");
    await sync.commit("mine", set("/mine"));
    expect(refused[0]?.conflicts).toMatchObject([
      { path: DIRECTORY, found: "/theirs", after: "/mine" },
    ]);
    expect(directory()).toBe("/in");
    await vi.waitFor(() => {
      expect(directory()).toBe("/theirs");
    });
    await sync.commit("mine", insisting(shown(), refused[0]?.changes ?? []));
    expect(directory()).toBe("/mine");
  });

  it("keeps an edit of another field beside that of somebody else", async () => {
    fake.edit("a", "theirs", [{ document: "flow", path: ["description"], after: "d" }]);
    await sync.commit("mine", set("/mine"));
    await vi.waitFor(() => {
      expect(shown().flow.description).toBe("d");
    });
    expect(refused).toEqual([]);
    expect(directory()).toBe("/mine");
  });

  it("takes operations in their order, however they come", async () => {
    const first = theirs("/first");
    if (Array.isArray(first)) throw new Error("conflict");
    const second = fake.edit("a", "second", [
      { document: "flow", path: ["description"], after: "d" },
    ]);
    if (Array.isArray(second)) throw new Error("conflict");
    sync.confirm(second);
    await vi.waitFor(() => {
      expect(useDraft.getState().revision).toBe(3);
    });
    sync.confirm(first);
    expect(directory()).toBe("/first");
    expect(shown().flow.description).toBe("d");
  });

  it("undoes and does again", async () => {
    await sync.commit("one", set("/one"));
    await sync.undo();
    expect(directory()).toBe("/in");
    await sync.redo();
    expect(directory()).toBe("/one");
    await sync.undo();
    await sync.undo();
    expect(refused[0]?.problem.title).toBe("There is nothing to undo");
  });

  it("keeps an edit while the server is gone, and sends it again", async () => {
    const { port } = server.address() as AddressInfo;
    server.close();
    server.closeAllConnections();
    const sent = sync.commit("one", set("/one"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(directory()).toBe("/one");
    expect(useDraft.getState().isSaving).toBe(true);
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    await sent;
    expect(refused).toEqual([]);
    expect(fake.flows.get("a")?.log.map((each) => each.label)).toEqual(["one"]);
  });

  it("takes the draft of a server that began anew, though its revision is lower", async () => {
    await sync.commit("one", set("/one"));
    await sync.commit("two", set("/two"));
    fake.add(flow);
    sync.lookAnew();
    await vi.waitFor(() => {
      expect(useDraft.getState().revision).toBe(1);
    });
    expect(directory()).toBe("/in");
  });

  it("tells what is wrong after an edit", async () => {
    const path = ["processors", "Get", "properties"];
    await sync.commit("none", change(shown(), "flow", path, undefined));
    await vi.waitFor(() => {
      expect(useDraft.getState().findings.byPath.get("Get")).toHaveLength(1);
    });
  });

  it("says that the server is gone, and is there again when the server is", async () => {
    const { port } = server.address() as AddressInfo;
    server.close();
    server.closeAllConnections();
    await sync.open();
    expect(useDraft.getState().phase).toBe("failed");
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    await vi.waitFor(
      () => {
        expect(useDraft.getState().phase).toBe("ready");
      },
      { timeout: 10_000 },
    );
  });
});
