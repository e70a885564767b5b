import { describe, expect, it } from "vitest";
import { isRecording, viewsOf } from "../src/queue/content";
import { playTime } from "../src/messages/format";
import { barsOf } from "../src/queue/waveform";

const ascii = (text: string) => new TextEncoder().encode(text);

describe("what a content is", () => {
  it("is told by its beginning where nobody told its type", () => {
    expect(viewsOf(undefined, ascii("RIFF....WAVEfmt "))).toEqual(["audio", "hex"]);
    expect(isRecording(ascii("fLaC...."))).toBe(true);
    expect(isRecording(ascii("FORM....AIFF"))).toBe(true);
    expect(isRecording(new Uint8Array([0xff, 0xfb, 0x90, 0x00]))).toBe(true);
    expect(isRecording(new Uint8Array([0xff, 0xfe, 0x41, 0x00]))).toBe(false);
    expect(isRecording(ascii("RIFF....AVI "))).toBe(false);
    for (const start of ["caff....", "....ftypM4A ", "OggS....", "ID3....."]) {
      expect(isRecording(ascii(start)), start).toBe(true);
    }
    expect(viewsOf("text/plain", ascii("ID3 is a tag"))).toEqual(["text", "hex"]);
  });

  it("is a table where rows are told", () => {
    expect(viewsOf("text/csv", ascii("a,b"))[0]).toBe("table");
    expect(viewsOf(undefined, ascii("ARROW1\0\0"))).toEqual(["table", "hex"]);
    expect(viewsOf(undefined, ascii("PAR1\x15\0"))).toEqual(["table", "hex"]);
    expect(viewsOf("application/vnd.apache.parquet", ascii(""))).toEqual(["table", "hex"]);
    expect(viewsOf("application/x-ndjson", ascii("{}"))[0]).toBe("table");
    expect(viewsOf("application/json", ascii("[1]"))).toEqual(["json", "table", "text", "hex"]);
    expect(viewsOf("application/json", ascii("{}"))).toEqual(["json", "text", "hex"]);
  });

  it("is told by its first bytes, and its name, where its type is unknown", () => {
    const png = new Uint8Array([0x89, ...ascii("PNG\r\n\x1a\n....")]);
    for (const type of [
      undefined,
      "",
      "application/octet-stream",
      "application/octet-stream; a=b",
    ]) {
      expect(viewsOf(type, png, "cover")).toEqual(["image", "hex"]);
      expect(viewsOf(type, ascii("a,b\n1,2\n"), "A.CSV")).toEqual(["table", "text", "hex"]);
      expect(viewsOf(type, ascii("fLaC...."), "a")[0]).toBe("audio");
    }
    const begins = (...bytes: number[]) => viewsOf(undefined, new Uint8Array(bytes))[0];
    expect(begins(0xff, 0xd8, 0xff, 0xe0)).toBe("image");
    expect(begins(0xff, 0xff, 0xff, 0xff, 8, 0)).toBe("table");
    expect(begins(0x42, 0x4d, 9, 0, 0, 0, 0, 0, 0, 0)).toBe("image");
    for (const start of ["GIF87a", "GIF89a", "RIFF....WEBP", "....ftypavif"]) {
      expect(viewsOf(undefined, ascii(start))[0]).toBe("image");
    }
    expect(viewsOf(undefined, ascii("{}\n{}\n"), "a.jsonl")[0]).toBe("table");
    expect(viewsOf(undefined, ascii("a\tb\n"), "a.tsv")[0]).toBe("table");
    expect(viewsOf(undefined, ascii("a;b\n1;2\n3;"), "a")).toEqual(["text", "table", "hex"]);
    expect(viewsOf(undefined, ascii("BMW, and\nothers\n"), "a.txt")).toEqual(["text", "hex"]);
    for (const delimiter of [",", ";", "\t", "|"]) {
      const row = ["a", "b"].join(delimiter);
      expect(viewsOf(undefined, ascii(`${row}\n${row}\n`)), row).toContain("table");
      // One line may be a sentence.
      expect(viewsOf(undefined, ascii(`${row}\n`)), row).toEqual(["text", "hex"]);
    }
    // The last line is cut where the first bytes end.
    expect(viewsOf(undefined, ascii("a;b\n1;2\n3"))).toContain("table");
    expect(viewsOf(undefined, ascii("a;b\n1;2\n3\n4;5\n"))).not.toContain("table");
    expect(viewsOf("binary/octet-stream", png)).toEqual(["image", "hex"]);
    expect(viewsOf("text/plain", ascii("a\0b"))).toEqual(["hex"]);
    // What is told counts, whatever the bytes are.
    expect(viewsOf("text/plain", ascii("a,b\n1,2\n"), "a.csv")).toEqual(["text", "hex"]);
    expect(viewsOf("application/zip", png, "a.png")).toEqual(["hex"]);
  });
});

describe("a waveform", () => {
  it("has a bar for each column, and a line for silence", () => {
    expect(barsOf([-1, 1, 0, 0, -0.5, 0], 100)).toEqual([
      { top: 0, size: 100 },
      { top: 50, size: 1 },
      { top: 50, size: 25 },
    ]);
    expect(barsOf([-4, 9], 10)).toEqual([{ top: 0, size: 10 }]);
    expect(barsOf([], 10)).toEqual([]);
  });

  it("is as long as people read it", () => {
    expect(playTime(0)).toBe("0:00");
    expect(playTime(65.9)).toBe("1:05");
    expect(playTime(3661)).toBe("1:01:01");
  });
});
