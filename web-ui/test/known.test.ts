// What is proposed in scripts, by the lists that are made of the runners' stubs.
import { execFileSync } from "node:child_process";
import { typescriptLanguage } from "@codemirror/lang-javascript";
import { pythonLanguage } from "@codemirror/lang-python";
import { describe, expect, it } from "vitest";
import { chainBefore, knownAt, shortSignature, type Lists } from "../src/script/known";
import type { Language } from "../src/script/language";
import { SNIPPETS } from "../src/script/snippets";
import javascript from "../src/script/stubs/javascript.json";
import python from "../src/script/stubs/python.json";

const LISTS = { python, javascript } as unknown as Record<Language, Lists>;

/** The names at the end of a text, or where it has a `|`. */
function at(text: string, language: Language = "python") {
  const place = text.includes("|") ? text.indexOf("|") : text.length;
  return knownAt(text.replace("|", ""), place, LISTS[language], language)?.names ?? [];
}
const names = (text: string, language?: Language) => at(text, language).map(({ name }) => name);

describe("lists for completion", () => {
  it("are what the stubs say: otherwise npm run stubs makes them anew", () => {
    const script = new URL("../stubs/make.mjs", import.meta.url).pathname;
    execFileSync(process.execPath, [script, "--check"], { stdio: "pipe" });
  });

  it("have librosa with all its modules", () => {
    expect(names("import librosa\nlibrosa.")).toEqual(
      expect.arrayContaining(["load", "stft", "feature", "beat"]),
    );
    expect(names("y = librosa.feature.m")).toContain("mfcc");
    expect(names("import librosa as lr\nlr.onset.")).toContain("onset_detect");
    expect(names("from librosa import feature as f\nf.")).toContain("mfcc");
    expect(names("from librosa.feature import m")).toContain("melspectrogram");
    expect(names("librosa.feature.", "javascript")).toContain("mfcc");
    expect(names("librosa.feature.mfcc({ y, sr }).", "javascript")).toContain("toArray");
    const mfcc = at("librosa.feature.").find(({ name }) => name === "mfcc");
    expect(mfcc?.signature).toContain("n_mfcc=20");
    expect(mfcc?.about).toMatch(/^Cepstral coefficients.*\.$/);
  });
});

describe("names", () => {
  it("of what scripts are handed are those of its type", () => {
    expect(names("def process(flowfile):\n    flowfile.")).toContain("chunks");
    expect(names("flowFile.get")).toContain("getAttribute");
    expect(names("session.")).toEqual(expect.arrayContaining(["putAttribute", "transfer"]));
    expect(names("context.state.")).toContain("get");
    expect(names("log.")).toContain("warn");
    expect(names("flowfile.", "javascript")).toContain("audio");
    expect(names("context.state.", "javascript")).toContain("set");
    expect(names("console.", "javascript")).toContain("log");
  });

  it("are of what a call gives, too", () => {
    expect(names('context.getProperty("a, (b").')).toContain("asInteger");
    expect(names("copy = session.clone(flowfile)\ncopy.")).toContain("chunks");
    expect(names('with flowfile.open("r") as piece:\n    piece.')).toContain("readline");
    expect(names("const copy = session.create();\ncopy?.", "javascript")).toContain("writer");
    expect(names("a = b\nb = a\na.")).toEqual([]);
    // What is not called gives nothing yet.
    expect(names("session.create.")).toEqual([]);
  });

  it("are none of what is not known, and of numbers", () => {
    expect(names("numbers.")).toEqual([]);
    expect(names("1.")).toEqual([]);
    expect(names("'text'.")).toEqual([]);
    expect(knownAt("x.ab", 4, LISTS.python, "python")).toBeUndefined();
  });

  it("that stand alone, and what can be imported", () => {
    expect(names("REL")).toContain("REL_SUCCESS");
    expect(names("from tutti import R")).toEqual(expect.arrayContaining(["Result", "Retry"]));
    expect(names("from org.apache.nifi.processor.io import ")).toContain("StreamCallback");
    expect(knownAt("x = flowfile.te", 15, LISTS.python, "python")?.from).toBe(13);
  });

  it("come with a signature that fits", () => {
    const [open] = at("flowfile.").filter(({ name }) => name === "open");
    expect(open && shortSignature(open)).toBe('(mode: Literal["r", "rb"] = "rb")');
    const [mfcc] = at("librosa.feature.").filter(({ name }) => name === "mfcc");
    expect((mfcc ? shortSignature(mfcc) : "").length).toBeLessThanOrEqual(40);
  });
});

describe("a chain", () => {
  it("is read back over calls, brackets and lines", () => {
    const steps = (text: string) =>
      chainBefore(text).map(({ name, isCalled }) => name + (isCalled ? "()" : ""));
    expect(steps("x = a.b(c, [d]).e")).toEqual(["a", "b()", "e"]);
    expect(steps("session\n  .create(a)\n  .b")).toEqual(["session", "create()", "b"]);
    expect(steps("f(a).b")).toEqual(["f()", "b"]);
    expect(steps("a[1]")).toEqual([]);
    expect(steps("(")).toEqual([]);
    expect(steps(")")).toEqual([]);
  });
});

describe("beginnings of scripts", () => {
  const PARSERS = { python: pythonLanguage.parser, javascript: typescriptLanguage.parser };
  for (const [language, parser] of Object.entries(PARSERS)) {
    it(`are ${language}, in both styles`, () => {
      const all = SNIPPETS[language as Language];
      expect(new Set(all.map(({ style }) => style)).size).toBe(2);
      for (const { label, code } of all) {
        const text = code.replaceAll(/\$\{(?:\d+:)?([^{}]*)\}/g, "$1").replaceAll("\t", "    ");
        expect(text, label).not.toContain("${");
        const faults: string[] = [];
        parser.parse(text).iterate({
          enter: ({ type, from }) => {
            if (type.isError) faults.push(`${label}: ${text.slice(from, from + 40)}`);
          },
        });
        expect(faults).toEqual([]);
      }
    });
  }
});
