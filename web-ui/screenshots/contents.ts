// What waits in a queue, in each way in which it is shown.
import { writeFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";
import { App, COPY, expect } from "../e2e/app";
import { QUEUE, WAITING, wav } from "../e2e/waiting";
import type { View } from "./views";

const ROWS = Array.from({ length: 250 }, (_, at) => `Song ${String(at)},${String(90 + at / 4)}`);

async function listening(app: App, file: string, content: string | Buffer): Promise<void> {
  await app.open(WAITING);
  writeFileSync(app.tutti.path(`in/${file}`), content);
  await expect(app.chip(QUEUE).locator('[data-figure="queued"]')).toHaveText("1");
}

/** What waits, opened in the viewer. */
function waiting(name: string, about: string, file: string, content: string | Buffer): View {
  return {
    name,
    about,
    show: async (app) => {
      await listening(app, file, content);
      await app.chip(QUEUE).getByRole("button").click();
      const dialog = app.page.getByRole("dialog");
      await dialog.locator("table, pre, [role=slider], .content-image img").first().waitFor();
    },
  };
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A cover: colours that run into each other. */
function cover(): Buffer {
  const size = 480;
  const rows = Buffer.alloc(size * (1 + size * 3));
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const ring = Math.sin(Math.hypot(x - 150, y - 190) / 17) > 0 ? 36 : 0;
      const colour = [70 + x / 4 + ring, 60 + y / 6 + ring, 210 - y / 5];
      rows.set(colour, y * (1 + size * 3) + 1 + x * 3);
    }
  }
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  const parts = [chunk("IHDR", head), chunk("IDAT", deflateSync(rows))];
  return Buffer.concat([signature, ...parts, chunk("IEND", Buffer.alloc(0))]);
}

const FEATURES = "Extract [success] -> Put";

/** Features of a recording wait, as Parquet. */
const FEATURED = {
  ...COPY,
  processors: {
    Get: COPY.processors.Get,
    Extract: {
      type: "ExtractFeatures",
      properties: { Features: "rms, spectral_centroid", Format: "Parquet", Output: "frames" },
      autoTerminate: ["failure"],
    },
    Put: { ...COPY.processors.Put, state: "disabled" },
  },
  connections: [
    { from: "Get", relationships: ["success"], to: "Extract" },
    { from: "Extract", relationships: ["success"], to: "Put" },
  ],
};

export const CONTENTS: View[] = [
  waiting("player", "A recording that waits, heard and seen", "a.wav", wav()),
  waiting("table", "A table that waits", "a.csv", `title,tempo\n${ROWS.join("\n")}\n`),
  {
    name: "parquet",
    about: "Features that wait, as Parquet",
    show: async (app) => {
      await app.open(FEATURED);
      writeFileSync(app.tutti.path("in/a.wav"), wav());
      const chip = app.chip(FEATURES);
      await expect(chip.locator('[data-figure="queued"]')).toHaveText("1");
      await chip.getByRole("button").click();
      await app.page.getByRole("dialog").getByRole("cell").first().waitFor();
    },
  },
  waiting("image", "A cover that waits", "cover.png", cover()),
  waiting("json", "JSON that waits", "b.json", '{"title":"Song","tempo":120,"beats":[0.5,1]}'),
  {
    name: "hex",
    about: "Whatever else waits, as bytes",
    show: async (app) => {
      await listening(app, "a.wav", wav());
      await app.chip(QUEUE).getByRole("button").click();
      await app.page.getByRole("tab", { name: "Hex" }).click();
      await app.page.locator(".hex").waitFor();
    },
  },
  {
    name: "queue-empty",
    about: "A queue in which nothing waits",
    show: async (app) => {
      await app.open(WAITING);
      await app.chip(QUEUE).getByRole("button").click();
      await app.page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "wire",
    about: "A connection that is chosen: the space key plays what waits in it",
    show: async (app) => {
      await listening(app, "a.wav", wav());
      await app.chip(QUEUE).locator(".chip-name").click();
      await app.page.getByRole("slider").waitFor();
    },
  },
];
