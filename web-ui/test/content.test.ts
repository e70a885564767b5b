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
    expect(viewsOf("text/plain", ascii("ID3 is a tag"))).toEqual(["text", "hex"]);
  });

  it("is a picture or a table also where the type says nothing", () => {
    const png = new Uint8Array([0x89, ...ascii("PNG\r\n\x1a\n")]);
    expect(viewsOf(undefined, png)).toEqual(["image", "hex"]);
    expect(viewsOf("application/octet-stream", png)).toEqual(["image", "hex"]);
    expect(viewsOf("text/plain", png)).toEqual(["hex"]);
    expect(viewsOf(undefined, new Uint8Array([0xff, 0xd8, 0xff, 0xe0]))).toEqual(["image", "hex"]);
    expect(viewsOf(undefined, ascii("RIFF....WEBPVP8 "))).toEqual(["image", "hex"]);
    expect(viewsOf(undefined, ascii("a,b"), "rows.CSV")[0]).toBe("table");
    expect(viewsOf(undefined, ascii("a,b"), "rows.constructor")).toEqual(["text", "hex"]);
    expect(viewsOf("text/plain", ascii("a,b"), "rows.csv")).toEqual(["text", "hex"]);
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
