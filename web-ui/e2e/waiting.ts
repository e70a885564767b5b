// Recordings and tables that wait in a queue, and what a server shows of them.
import type { Page } from "@playwright/test";
import { COPY } from "./app";

/** A WAV file of one second, a sine. */
export function wav(): Buffer {
  const rate = 8000;
  const data = Buffer.alloc(rate * 2);
  for (let at = 0; at < rate; at += 1) {
    data.writeInt16LE(Math.round(9000 * Math.sin((at * 2 * Math.PI * 440) / rate)), at * 2);
  }
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

/** Nothing leaves the queue: what it goes to is disabled, and it is full with one flowfile. */
export const WAITING = {
  ...COPY,
  processors: {
    Get: { type: "GetFile", properties: { Directory: "DIR/in" } },
    Know: { type: "IdentifyMimeType", autoTerminate: ["failure"] },
    Put: { ...COPY.processors.Put, state: "disabled" },
  },
  connections: [
    { from: "Get", relationships: ["success"], to: "Know" },
    { from: "Know", relationships: ["success"], to: "Put", backPressure: { count: 2 } },
  ],
};
export const QUEUE = "Know [success] -> Put";

/** A picture of one pixel. */
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** Answers for views of contents as the server would, where the binary has none yet. */
export async function showContents(page: Page, seconds: number): Promise<void> {
  await page.route("**/content/waveform?*", async (route) => {
    const columns = Number(new URL(route.request().url()).searchParams.get("width"));
    const peaks = Array.from({ length: columns * 2 }, (_, at) => {
      const size = 0.15 + 0.8 * Math.abs(Math.sin(at / 43) * Math.sin(at / 211));
      return at % 2 === 0 ? -size : size;
    });
    await route.fulfill({
      json: {
        format: "wav",
        codec: "PCM 16 bit",
        sampleRate: 8000,
        channels: 2,
        frames: 8000 * seconds,
        durationSeconds: seconds,
        peaks: [peaks, [...peaks].reverse().map((value) => -value)],
      },
    });
  });
  await page.route("**/content/spectrogram?*", async (route) => {
    await route.fulfill({ contentType: "image/png", body: Buffer.from(PIXEL, "base64") });
  });
  await page.route("**/content/table?*", async (route) => {
    const asked = new URL(route.request().url()).searchParams;
    const offset = Number(asked.get("offset"));
    const limit = Number(asked.get("limit"));
    const count = Math.max(0, Math.min(limit, 250 - offset));
    await route.fulfill({
      json: {
        format: "csv",
        columns: [
          { name: "title", type: "Utf8" },
          { name: "tempo", type: "Float64" },
        ],
        rows: Array.from({ length: count }, (_, at) => [
          `Song ${String(offset + at)}`,
          at === 1 ? null : 90 + at / 4,
        ]),
        offset,
        next: offset + count < 250 ? offset + count : null,
        rowCount: 250,
      },
    });
  });
}
