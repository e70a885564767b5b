// Recordings that wait in a queue.
import { COPY } from "./app";

const RATE = 8000;

/** A sine of one second, a sample two bytes. */
function sine(write: (data: Buffer, value: number, at: number) => void): Buffer {
  const data = Buffer.alloc(RATE * 2);
  for (let at = 0; at < RATE; at += 1) {
    write(data, Math.round(9000 * Math.sin((at * 2 * Math.PI * 440) / RATE)), at * 2);
  }
  return data;
}

/** A WAV file of one second. */
export function wav(): Buffer {
  const data = sine((into, value, at) => into.writeInt16LE(value, at));
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

/** An AIFF file of one second, which Chromium cannot play. */
export function aiff(): Buffer {
  const data = sine((into, value, at) => into.writeInt16BE(value, at));
  const head = Buffer.alloc(54);
  head.write("FORM", 0);
  head.writeUInt32BE(46 + data.length, 4);
  head.write("AIFFCOMM", 8);
  head.writeUInt32BE(18, 16);
  head.writeUInt16BE(1, 20);
  head.writeUInt32BE(RATE, 22);
  head.writeUInt16BE(16, 26);
  // 8,000 as a number of 80 bits.
  Buffer.from("400bfa00000000000000", "hex").copy(head, 28);
  head.write("SSND", 38);
  head.writeUInt32BE(8 + data.length, 42);
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
