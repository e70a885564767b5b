// Scripts: written in the panel and with room, tried on flowfiles, and taken back.
import { writeFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import { App, expect, isAccessible, test } from "./app";

const COUNT = `import re


def process(flowfile):
    words = re.findall(r"[a-z]+", flowfile.text().lower())
    log.info("{} words", len(words))
    return {
        "attributes": {"words": len(words)},
        "content": {"first": words[0], "all": words},
    }
`;
/** What comes in waits: the script is disabled. */
const FLOW = {
  format: 1,
  name: "script",
  processors: {
    Get: { type: "GetFile", properties: { Directory: "DIR/in" } },
    Count: {
      type: "ExecuteScript",
      properties: { "Script Body": COUNT, "Script Engine": "Python" },
      autoTerminate: ["success", "failure"],
      state: "disabled",
    },
    Say: {
      type: "ExecuteScript",
      properties: { "Script Body": "function process(f) {\n}\n", "Script Engine": "JavaScript" },
      autoTerminate: ["success", "failure"],
      state: "disabled",
    },
  },
  connections: [
    { from: "Get", relationships: ["success"], to: "Count" },
    { from: "Get", relationships: ["success"], to: "Say" },
  ],
};
const QUEUE = "Get [success] -> Count";
const BODY = ["processors", "Count", "properties", "Script Body"];

const stored = async (app: App, name = "Count") =>
  ((await app.draft("script")).flow.processors?.[name]?.properties as Record<string, string>)[
    "Script Body"
  ];

/** Somebody else sets the script. */
async function setElsewhere(app: App, before: string, after: string): Promise<void> {
  const changes = [{ document: "flow", path: BODY, before, after }];
  await app.tutti.call("/flows/script/operations", { label: "Set it elsewhere", changes });
}

async function openPanel(app: App, name = "Count"): Promise<Locator> {
  await app.node(name).click();
  const field = app.page.locator(".script-field");
  await expect(field.locator(".cm-line").first()).toBeVisible();
  return field;
}

async function openLarge(app: App, name = "Count"): Promise<Locator> {
  await openPanel(app, name);
  await app.page.keyboard.press("Control+e");
  const dialog = app.page.getByRole("dialog", { name: `Script Body of ${name}` });
  await expect(dialog.getByRole("textbox", { name: "Script Body" })).toBeFocused();
  return dialog;
}

const textIn = (within: Locator) =>
  within
    .locator(".script-editor .cm-content")
    .evaluate((content) =>
      [...content.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n"),
    );

const proposals = (within: Locator) => within.locator(".cm-tooltip-autocomplete li");

/** Writes another script; proposals would take keys for their own. */
async function write(page: Page, text: string): Promise<void> {
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
}

test("a script is written in the panel, and counts with Ctrl+S and when it is left", async ({
  app,
  page,
}) => {
  await app.open(FLOW);
  const field = await openPanel(app);
  const editor = field.getByRole("textbox", { name: "Script Body" });
  await editor.focus();
  await write(page, "def process(flowfile):\n    pass\n");
  await page.keyboard.press("Control+s");
  await expect.poll(() => stored(app)).toBe("def process(flowfile):\n    pass\n");
  await expect(editor).toBeFocused();

  // Tab indents, and Escape leads out of it.
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Tab");
  await page.keyboard.type("# end");
  await page.keyboard.press("Escape");
  const large = field.getByRole("button", { name: "Open the editor" });
  await expect(large).toBeFocused();
  await expect.poll(() => stored(app)).toBe("def process(flowfile):\n    pass\n    # end");
  await page.keyboard.press("Tab");
  await expect(large).not.toBeFocused();
  await expect(editor).not.toBeFocused();
  await expect(page.locator(".panel :focus")).toHaveCount(1);
  // The canvas took none of the keys for its own.
  await expect(app.node("Count")).toHaveClass(/selected/);

  // The key that opens the large one leaves it, too.
  await editor.focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("ing");
  await page.keyboard.press("Control+e");
  const dialog = page.getByRole("dialog", { name: "Script Body of Count" });
  await expect.poll(() => textIn(dialog)).toContain("# ending");
  await expect.poll(() => stored(app)).toContain("# ending");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(dialog).toHaveCount(0);

  await editor.focus();
  await write(page, "");
  await page.keyboard.press("Escape");
  await expect.poll(() => stored(app)).toBeUndefined();
  await expect(field.locator(".cm-placeholder")).toBeVisible();
});

test("a whole script is what was typed, however fast", async ({ app, page }) => {
  await app.open(FLOW);
  const dialog = await openLarge(app);
  await write(page, "");
  for (const line of ["def process(flowfile):", "text = flowfile", "return None", "# done"]) {
    await page.keyboard.type(line);
    // Proposals that came take Enter as theirs.
    await page.keyboard.press("Escape");
    await dialog.getByRole("textbox", { name: "Script Body" }).focus();
    await page.keyboard.press("Control+End");
    await page.keyboard.press("Enter");
  }
  await page.keyboard.press("Control+s");
  const expected = "def process(flowfile):\n    text = flowfile\n    return None\n# done\n";
  await expect
    .poll(async () => ((await stored(app)) ?? "").replaceAll(/^ +$/gm, ""))
    .toBe(expected.replace("\n# done", "\n    # done").replace(/\n$/, "\n"));
});

test("what can be named is proposed, with what it is for", async ({ app, page }) => {
  await app.open(FLOW);
  const dialog = await openLarge(app);
  await write(page, "import librosa\n\ndef process(flowfile):\n    ");
  await page.keyboard.type("librosa.fea");
  await expect(proposals(dialog).first()).toContainText("feature");
  await page.keyboard.press("Escape");
  await page.keyboard.type("ture.mfc");
  await expect(proposals(dialog).first()).toContainText("mfcc");
  await expect(dialog.locator(".cm-completionInfo")).toContainText("n_mfcc=20");
  await expect(dialog.locator(".cm-completionInfo")).toContainText("Cepstral coefficients");
  await proposals(dialog).first().click();
  await expect.poll(() => textIn(dialog)).toContain("librosa.feature.mfcc()");
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\nflowfile.chun");
  await expect(proposals(dialog).first()).toContainText("chunks");
  await page.keyboard.press("Escape");
  // Attributes of the sample, in what names one.
  await write(page, "def process(flowfile):\n    ");
  await page.keyboard.type('flowfile["file');
  await expect(proposals(dialog).first()).toContainText("filename");
  await isAccessible(app);
  // Escape closes the proposals, then it leads out, and only then it closes the dialog.
  await page.keyboard.press("Escape");
  await expect(proposals(dialog)).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(dialog.getByRole("button", { name: /^Run/ })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect.poll(() => stored(app)).toContain('flowfile["file"]');
});

test("JavaScript has names and beginnings of its own", async ({ app, page }) => {
  await app.open(FLOW);
  const dialog = await openLarge(app, "Say");
  await expect(dialog.locator(".script-bar")).toContainText("JavaScript");
  await write(page, "");
  await dialog.getByRole("button", { name: "Insert a beginning" }).click();
  await page.getByRole("menuitem", { name: "Choose where it goes" }).click();
  await expect.poll(() => textIn(dialog)).toContain("function process(flowfile)");
  await write(page, "session.");
  await page.keyboard.type("tra");
  await expect(proposals(dialog).first()).toContainText("transfer");
  await page.keyboard.press("Escape");
  await write(page, "function process(f) {\n  return f.x.y;\n}\n");
  await page.keyboard.press("Control+Enter");
  await expect(dialog.locator(".report-fault")).toContainText("line 2");
  await expect(dialog.locator(".cm-faultLine")).toHaveText("  return f.x.y;");
});

test("a script is tried on a flowfile that is written here, and nothing is kept", async ({
  app,
  page,
}) => {
  await app.open(FLOW);
  const dialog = await openLarge(app);
  await dialog.getByRole("button", { name: "Add an attribute" }).click();
  await page.keyboard.type("artist");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Ada");
  await dialog.getByRole("textbox", { name: "Content" }).fill("one two two");
  await page.keyboard.press("Control+Enter");
  const result = dialog.getByRole("article", { name: "Flowfile 1" });
  await expect(result.locator(".result-head")).toContainText("success");
  await expect(result.locator(".result-attributes").first()).toContainText(/words\s*3\s*new/);
  await result.getByText("as before").click();
  await expect(result).toContainText(/artist\s*Ada/);
  await expect(result.locator(".content-text")).toContainText('"first": "one",\n  "all": [');
  await expect(dialog.locator(".log")).toContainText("3 words");
  await expect(dialog.locator(".report-summary")).toContainText("1 flowfile came out.");
  await expect(dialog.locator(".report-summary")).toContainText("of memory at most");
  await isAccessible(app);

  // What is not in the draft yet is tried as it is shown.
  await dialog.getByRole("textbox", { name: "Script Body" }).focus();
  await write(page, 'def process(flowfile):\n    return "failure"\n');
  await page.keyboard.press("Control+Enter");
  await expect(result.locator(".result-head")).toContainText("failure");
  await expect(dialog.locator(".script-kept")).toContainText("Not in the draft yet");
  expect(await stored(app)).toBe(COUNT);

  // It stays while the page is open.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press("Control+e");
  await expect(dialog.getByRole("textbox", { name: "Content" })).toHaveValue("one two two");
  await expect(result.locator(".result-head")).toContainText("failure");
});

test("a script is tried on what waits before it, which goes on waiting", async ({ app }) => {
  await app.open(FLOW);
  for (let number = 1; number <= 25; number += 1) {
    writeFileSync(
      app.tutti.path(`in/${String(number).padStart(2, "0")}.txt`),
      "la ".repeat(number),
    );
  }
  const waiting = () =>
    app.tutti.call<{ count: number }>(
      `/flows/script/queue?connection=${encodeURIComponent(QUEUE)}`,
    );
  await expect.poll(async () => (await waiting()).count).toBe(25);
  const dialog = await openLarge(app);
  const select = dialog.getByRole("combobox", { name: "Try it on" });
  const offered = select.locator("optgroup option");
  await expect(offered).toHaveCount(20);
  const { flowfiles } = await app.tutti.call<{ flowfiles: { filename: string }[] }>(
    `/flows/script/queue?connection=${encodeURIComponent(QUEUE)}&limit=100`,
  );
  const newest = flowfiles.at(-1)?.filename ?? "";
  await expect(offered.first()).toContainText(newest);
  await select.selectOption({ index: 1 });
  await expect(dialog.locator(".sample-attributes")).toContainText(newest);
  await dialog.getByRole("button", { name: /^Run/ }).click();
  const result = dialog.getByRole("article", { name: "Flowfile 1" });
  await expect(result.locator(".result-attributes").first()).toContainText(
    new RegExp(`words\\s*${String(Number(newest.slice(0, 2)))}\\s*new`),
  );
  expect((await waiting()).count).toBe(25);
  await isAccessible(app);
  // One writes on from it.
  await dialog.getByRole("button", { name: "Write on from this one" }).click();
  await expect(dialog.getByRole("textbox", { name: "Content" })).toHaveValue(/^la la/);
  await expect(dialog.getByRole("textbox", { name: "Value of filename" })).toHaveValue(newest);
});

test("what fails is told at its line", async ({ app, page }) => {
  await app.open(FLOW);
  const dialog = await openLarge(app);
  await write(page, "def process(flowfile):\n    print(1)\n    flowfile['x'] = unicode(1)\n");
  await page.keyboard.press("Control+Enter");
  const fault = dialog.locator(".report-fault");
  await expect(fault).toContainText("line 3");
  await expect(fault).toContainText("NameError");
  await expect(dialog.locator(".cm-lint-marker-error")).toHaveCount(1);
  await expect(dialog.locator(".cm-faultLine")).toHaveText("    flowfile['x'] = unicode(1)");
  await page.keyboard.press("Control+Home");
  await expect(dialog.locator(".script-status")).toContainText("Line 1, column 1");
  await fault.click();
  await expect(dialog.locator(".script-status")).toContainText("Line 3");
  await expect(dialog.getByRole("textbox", { name: "Script Body" })).toBeFocused();
  // A script that is none is told so, too.
  await write(page, "def process(flowfile)\n    pass\n");
  await page.keyboard.press("Control+Enter");
  await expect(fault).toContainText("SyntaxError");
  await expect(fault).toContainText("line 1");
  await write(page, "def process(flowfile):\n    pass\n");
  await page.keyboard.press("Control+Enter");
  await expect(fault).toHaveCount(0);
  await expect(dialog.locator(".cm-faultLine")).toHaveCount(0);
});

test("a run is held against the one before", async ({ app, page }) => {
  await app.open(FLOW);
  const dialog = await openLarge(app);
  await dialog.getByRole("textbox", { name: "Content" }).fill("one two");
  const run = dialog.getByRole("button", { name: /^Run/ });
  await run.click();
  await dialog.getByRole("tab", { name: "Against the last run" }).click();
  await expect(dialog.locator(".report")).toContainText("Run it once more");
  await run.click();
  await expect(dialog.locator(".report")).toContainText("The same as the last time.");
  await dialog.getByRole("textbox", { name: "Content" }).fill("one two three");
  await run.click();
  const result = dialog.getByRole("article", { name: "Flowfile 1" });
  await expect(result.locator(".result-attributes")).toContainText(/words\s*2\s*3\s*changed/);
  await expect(result.locator(".diff-line.added")).toHaveText([/"two",/, /"three"/]);
  await expect(result.locator(".diff-line.removed")).toHaveText([/"two"/]);
  await isAccessible(app);
  await page.keyboard.press("Escape");
});

test("earlier versions are looked at, and gone back to", async ({ app, page }) => {
  await app.open(FLOW);
  const second = COUNT.replace("words[0]", "words[-1]");
  await setElsewhere(app, COUNT, second);
  await setElsewhere(app, second, "pass\n");
  const dialog = await openLarge(app);
  await dialog.getByRole("tab", { name: "History" }).click();
  const versions = dialog.locator(".version");
  await expect(versions).toHaveCount(3);
  await expect(versions.first()).toContainText("as it is now");
  await expect(versions.last()).toContainText("Before these changes");
  await versions.nth(1).click();
  await expect(dialog.locator(".version-chosen .diff-line.added").first()).toContainText(
    "import re",
  );
  await isAccessible(app);
  await dialog.getByRole("button", { name: "Go back to this" }).click();
  await expect.poll(() => stored(app)).toBe(second);
  await expect.poll(() => textIn(dialog)).toBe(second);
  await expect(versions).toHaveCount(4);
  await expect(versions.first()).toContainText("Take the script of “Count” back to revision");
  // It is an edit as any other.
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await app.canvas.focus();
  await page.keyboard.press("Control+z");
  await expect.poll(() => stored(app)).toBe("pass\n");
});

test("what somebody else makes of it meanwhile is told, and not overwritten unseen", async ({
  app,
  page,
}) => {
  await app.open(FLOW);
  const dialog = await openLarge(app);
  // Who does not write sees it at once.
  await setElsewhere(app, COUNT, "one\n");
  await expect.poll(() => textIn(dialog)).toBe("one\n");
  await page.keyboard.press("Control+End");
  await page.keyboard.type("mine");
  await setElsewhere(app, "one\n", "theirs\n");
  const note = dialog.locator(".script-meanwhile");
  await expect(note).toContainText("Somebody has changed this script meanwhile.");
  expect(await textIn(dialog)).toBe("one\nmine");
  await note.getByText("From yours to theirs").click();
  await expect(note.locator(".diff-line.added").first()).toHaveText(/theirs/);
  await expect.poll(() => stored(app)).toBe("theirs\n");
  await isAccessible(app);
  // Leaving it asks which of both counts.
  await dialog.getByRole("textbox", { name: "Content" }).focus();
  const asked = dialog.locator(".toast", { hasText: "theirs" });
  await expect(asked).toBeVisible();
  await expect.poll(() => textIn(dialog)).toBe("theirs\n");
  await asked.getByRole("button").first().click();
  await expect.poll(() => stored(app)).toBe("one\nmine");
  await expect.poll(() => textIn(dialog)).toBe("one\nmine");

  await dialog.getByRole("textbox", { name: "Script Body" }).focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("!");
  await setElsewhere(app, "one\nmine", "other\n");
  await note.getByRole("button", { name: "Take theirs" }).click();
  await expect.poll(() => textIn(dialog)).toBe("other\n");
  expect(await stored(app)).toBe("other\n");
});

test("the review opens above the editor, which stays", async ({ app, page }) => {
  await app.open(FLOW);
  const dialog = await openLarge(app);
  await write(page, "def process(flowfile):\n    pass\n");
  await dialog.getByRole("button", { name: "Review and apply" }).click();
  const review = page.getByRole("dialog", { name: "Review and apply" });
  await expect(review).toContainText("Script Body");
  await review.getByRole("button", { name: "Apply", exact: true }).click();
  await expect(review).toHaveCount(0);
  await expect(dialog).toBeVisible();
});

test("who may only look reads it", async ({ app, page }) => {
  app.tutti.addUser("vera", "viewer", "correct horse");
  app.tutti.writeFlow(FLOW);
  await app.tutti.start("script");
  await page.goto(`${app.tutti.url}/#/flows/script`);
  await page.getByLabel("Name").fill("vera");
  await page.getByLabel("Password").fill("correct horse");
  await page.keyboard.press("Enter");
  const field = await openPanel(app);
  await field.getByRole("textbox", { name: "Script Body" }).focus();
  await page.keyboard.type("x");
  await page.keyboard.press("Control+e");
  const dialog = page.getByRole("dialog", { name: "Script Body of Count" });
  await expect(dialog.locator(".script-kept")).toHaveText("Only to be read");
  await page.keyboard.type("x");
  await expect.poll(() => textIn(dialog)).toBe(COUNT);
  await expect(dialog.getByRole("button", { name: /^Run/ })).toBeDisabled();
  await isAccessible(app);
});

for (const theme of ["light", "dark", "contrast"]) {
  test(`nothing serious is wrong with it for who sees less: ${theme}`, async ({ app, page }) => {
    await page.addInitScript((name) => {
      localStorage.setItem("tutti.theme", name);
    }, theme);
    await app.open(FLOW);
    await openPanel(app);
    await isAccessible(app);
    const dialog = await openLarge(app);
    await page.keyboard.press("Control+End");
    await page.keyboard.type("nothing.here");
    await page.keyboard.press("Control+Enter");
    await expect(dialog.locator(".report-fault")).toBeVisible();
    await isAccessible(app);
    await page.keyboard.press("Control+f");
    await page.keyboard.type("words");
    await expect(dialog.locator(".cm-searchMatch").first()).toBeVisible();
    await isAccessible(app);
    await page.keyboard.press("Escape");
    await dialog.getByRole("tab", { name: "Against the last run" }).click();
    await dialog.getByRole("button", { name: /^Run/ }).click();
    await expect(dialog.locator(".report")).toContainText("The same as the last time.");
    await isAccessible(app);
    await dialog.getByRole("tab", { name: "History" }).click();
    await dialog.locator(".version").last().click();
    await expect(dialog.locator(".diff-line.removed").first()).toBeVisible();
    await isAccessible(app);
  });
}
