// The draft of the page, without a page, against the real binary: what is not confirmed yet, what
// others do meanwhile, and servers and sessions that end.
import { rmSync } from "node:fs";
import { expect, test as base } from "@playwright/test";
import type { Change, Operation } from "../src/api/types";
import { change } from "../src/graph/changes";
import { api } from "../src/api/client";
import { useDraft } from "../src/state/draft";
import { DraftSync, insisting, type Refusal } from "../src/state/sync";
import { lookWho, signIn, useUser } from "../src/state/user";
import { Tutti } from "./server";

const FLOW = {
  format: 1,
  name: "a",
  processors: {
    Get: { type: "GetFile", properties: { Directory: "DIR/in" }, autoTerminate: ["success"] },
  },
};
const DIRECTORY = ["processors", "Get", "properties", "Directory"];

class Draft {
  readonly tutti = new Tutti();
  readonly refused: Refusal[] = [];
  readonly sync = this.another();
  private cookie = "";

  /** As the page has one of each flow that it opens. */
  another(): DraftSync {
    return new DraftSync("a", api, {
      show: (state) => {
        useDraft.setState(state);
      },
      refused: (refusal) => this.refused.push(refusal),
    });
  }

  async open(): Promise<void> {
    this.tutti.writeFlow(FLOW);
    await this.tutti.start("a");
  }

  /** As a browser would: to the server of the page, with its cookies. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...(init.headers as Record<string, string>), cookie: this.cookie };
    const answer = await real(`${this.tutti.url}${path}`, { ...init, headers });
    const [set] = answer.headers.getSetCookie();
    if (set !== undefined) this.cookie = set.split(";", 1)[0] ?? "";
    return answer;
  }

  get documents() {
    return useDraft.getState().documents;
  }

  get directory(): string {
    const { processors } = this.documents.flow as typeof FLOW;
    return processors.Get.properties.Directory;
  }

  get in(): string {
    return this.tutti.path("in");
  }

  commit(label: string, value: string): Promise<void> {
    return this.sync.commit(label, change(this.documents, "flow", DIRECTORY, value));
  }

  /** What somebody else does. */
  async theirs(label: string, changed: Change): Promise<Operation> {
    const body = { label, changes: [changed] };
    const { operation } = await this.tutti.call<{ operation: Operation }>(
      "/flows/a/operations",
      body,
    );
    return operation;
  }

  theirDirectory(value: string): Promise<Operation> {
    return this.theirs("theirs", {
      ...{ document: "flow", path: DIRECTORY, before: this.directory, after: value },
    });
  }

  theirDescription(value: string): Promise<Operation> {
    return this.theirs("theirs", { document: "flow", path: ["description"], after: value });
  }

  async labels(): Promise<string[]> {
    const { operations } = await this.tutti.call<{ operations: Operation[] }>(
      "/flows/a/operations",
    );
    const sorted = operations.sort((left, right) => left.revision - right.revision);
    return sorted.map((each) => each.label);
  }
}

const real = globalThis.fetch;

const test = base.extend<{ draft: Draft }>({
  // Playwright wants to see here what a fixture needs.
  draft: async ({}, run) => {
    const draft = new Draft();
    globalThis.fetch = ((path: string, init?: RequestInit) =>
      path.startsWith("/") ? draft.fetch(path, init) : real(path, init)) as typeof fetch;
    await draft.open();
    await run(draft);
    draft.sync.close();
    globalThis.fetch = real;
    await draft.tutti.end();
  },
});

test.describe.configure({ mode: "default" });

test("an edit is shown at once, and counts when the server has taken it", async ({ draft }) => {
  await draft.sync.open();
  expect(useDraft.getState()).toMatchObject({ phase: "ready", revision: 1, isAhead: false });
  expect(draft.directory).toBe(draft.in);
  const sent = draft.commit("one", "/one");
  expect(draft.directory).toBe("/one");
  expect(useDraft.getState().isSaving).toBe(true);
  await sent;
  expect(useDraft.getState()).toMatchObject({ revision: 2, isSaving: false, undo: "one" });
  expect(await draft.labels()).toEqual(["one"]);
});

test("edits are sent in their order, each on top of the last", async ({ draft }) => {
  await draft.sync.open();
  void draft.commit("one", "/one");
  void draft.commit("two", "/two");
  await draft.sync.settled();
  expect(await draft.labels()).toEqual(["one", "two"]);
  expect(useDraft.getState().revision).toBe(3);
  expect(draft.directory).toBe("/two");
  expect(draft.refused).toEqual([]);
});

test("an edit is taken back when somebody changed the same, and both values are told", async ({
  draft,
}) => {
  await draft.sync.open();
  await draft.theirDirectory("/theirs");
  await draft.commit("mine", "/mine");
  expect(draft.refused[0]?.conflicts).toMatchObject([
    { path: DIRECTORY, found: "/theirs", after: "/mine" },
  ]);
  expect(draft.directory).toBe(draft.in);
  await expect.poll(() => draft.directory).toBe("/theirs");
  await draft.sync.commit("mine", insisting(draft.documents, draft.refused[0]?.changes ?? []));
  expect(draft.directory).toBe("/mine");
});

test("an edit of another field stays beside that of somebody else", async ({ draft }) => {
  await draft.sync.open();
  await draft.theirDescription("d");
  await draft.commit("mine", "/mine");
  await expect.poll(() => draft.documents.flow.description).toBe("d");
  expect(draft.refused).toEqual([]);
  expect(draft.directory).toBe("/mine");
});

test("operations are taken in their order, however they come", async ({ draft }) => {
  await draft.sync.open();
  const first = await draft.theirDirectory("/first");
  const second = await draft.theirDescription("d");
  draft.sync.confirm(second);
  await expect.poll(() => useDraft.getState().revision).toBe(3);
  draft.sync.confirm(first);
  expect(draft.directory).toBe("/first");
  expect(draft.documents.flow.description).toBe("d");
});

test("what is shown is spelled as the server spells it", async ({ draft }) => {
  await draft.sync.open();
  const served = async () => (await draft.tutti.call<{ flow: unknown }>("/flows/a/draft")).flow;
  await draft.sync.commit("none", change(draft.documents, "flow", DIRECTORY, undefined));
  expect(draft.documents.flow).toEqual(await served());
  const group = { funnels: {}, labels: { L: { text: "t" } }, groups: { Inner: {} } };
  await draft.sync.commit("group", change(draft.documents, "flow", ["groups", "G"], group));
  expect(draft.documents.flow).toEqual(await served());
  const inner = ["groups", "G", "groups", "Inner"];
  await draft.sync.commit("inner", change(draft.documents, "flow", inner, undefined));
  expect(draft.documents.flow).toEqual(await served());
  expect(draft.refused).toEqual([]);
});

test("what was done is undone and done again", async ({ draft }) => {
  await draft.sync.open();
  await draft.commit("one", "/one");
  await draft.sync.undo();
  expect(draft.directory).toBe(draft.in);
  await draft.sync.redo();
  expect(draft.directory).toBe("/one");
  await draft.sync.undo();
  await draft.sync.undo();
  expect(draft.refused[0]?.problem.title).toBe("There is nothing to undo");
});

test("an edit is kept while the server is gone, and sent when it is back", async ({ draft }) => {
  await draft.sync.open();
  await draft.tutti.kill();
  const sent = draft.commit("one", "/one");
  await expect.poll(() => useDraft.getState().isSaving).toBe(true);
  expect(draft.directory).toBe("/one");
  await draft.tutti.start("a");
  await sent;
  expect(draft.refused).toEqual([]);
  expect(await draft.labels()).toEqual(["one"]);
});

test("the draft of a server that began anew counts, though its revision is lower", async ({
  draft,
}) => {
  await draft.sync.open();
  await draft.commit("one", "/one");
  await draft.commit("two", "/two");
  await draft.tutti.kill();
  rmSync(draft.tutti.path("data/drafts"), { recursive: true });
  await draft.tutti.start("a");
  draft.sync.lookAnew();
  await expect.poll(() => useDraft.getState().revision).toBe(1);
  expect(draft.directory).toBe(draft.in);
});

test("what is wrong is told after an edit", async ({ draft }) => {
  await draft.sync.open();
  expect(useDraft.getState().findings.all).toEqual([]);
  const path = ["processors", "Get", "properties"];
  await draft.sync.commit("none", change(draft.documents, "flow", path, undefined));
  await expect.poll(() => useDraft.getState().findings.byPath.get("Get")?.length).toBe(1);
});

test("a server that is gone is told, and looked for until it is back", async ({ draft }) => {
  await draft.sync.open();
  await draft.tutti.kill();
  draft.sync.close();
  const again = draft.another();
  await again.open();
  expect(useDraft.getState().phase).toBe("failed");
  await draft.tutti.start("a");
  await expect.poll(() => useDraft.getState().phase).toBe("ready");
  again.close();
});

test("what is not sent when a session ends is sent after signing in", async ({ draft }) => {
  const [first, second] = ["correct horse battery", "staple correct horse"];
  draft.tutti.addUser("ann", "editor", first);
  await expect
    .poll(async () => {
      await lookWho();
      return useUser.getState().phase;
    })
    .toBe("out");
  await signIn("ann", first);
  expect(useUser.getState()).toMatchObject({ phase: "in", user: { name: "ann" } });
  await draft.sync.open();
  draft.tutti.setPassword("ann", second);
  // The page does not know of it yet.
  await expect
    .poll(async () => (await draft.fetch("/api/v1/session")).json() as Promise<unknown>)
    .toMatchObject({ user: null });
  // Also who only asks who they are is one whose session has ended, not one who comes anew.
  await lookWho();
  expect(useUser.getState()).toMatchObject({ phase: "out", isExpired: true });
  useUser.setState({ phase: "in", isExpired: false });
  const sent = draft.commit("one", "/one");
  await expect.poll(() => useUser.getState()).toMatchObject({ phase: "out", isExpired: true });
  expect(draft.directory).toBe("/one");
  expect(await draft.labels()).toEqual([]);
  await expect(signIn("ann", "wrong")).rejects.toThrow();
  expect(useUser.getState()).toMatchObject({ phase: "out", isExpired: true });
  await signIn("ann", second);
  await sent;
  expect(useUser.getState()).toMatchObject({ phase: "in", isExpired: false });
  expect(await draft.labels()).toEqual(["one"]);
  expect(draft.refused).toEqual([]);
});
