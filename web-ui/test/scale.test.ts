import { describe, expect, it } from "vitest";
import { hzAt, hzOf, melOf, noteOf, pitchTicks, timeTicks } from "../src/queue/scale";

describe("the scales of a spectrogram", () => {
  it("are Slaney's mel, as the server draws it", () => {
    // librosa.hz_to_mel of these.
    expect([60, 110, 1000, 8000].map(melOf)).toEqual(
      [0.9, 1.65, 15, 45.2456].map((each): unknown => expect.closeTo(each, 3)),
    );
    for (const hz of [50, 999, 1000, 4321]) expect(hzOf(melOf(hz))).toBeCloseTo(hz, 6);
    expect(hzAt(1, 44_100)).toBeCloseTo(22_050, 6);
    expect(hzAt(0, 44_100)).toBe(0);
  });

  it("have round pitches and times, with room for each", () => {
    expect(pitchTicks(44_100).map(({ value }) => value)).toEqual([500, 1000, 2000, 5000, 10_000]);
    for (const rate of [8000, 22_050, 44_100, 192_000]) {
      const parts = pitchTicks(rate).map(({ part }) => part);
      expect(parts.length).toBeGreaterThan(2);
      parts.slice(1).forEach((part, at) => {
        expect(part - (parts[at] ?? 0)).toBeGreaterThan(0.115);
      });
    }
    expect(timeTicks(1).map(({ value }) => value)).toEqual(
      [0, 0.2, 0.4, 0.6, 0.8, 1].map((each): unknown => expect.closeTo(each, 9)),
    );
    expect(timeTicks(185).map(({ value }) => value)).toEqual([0, 30, 60, 90, 120, 150, 180]);
    expect(timeTicks(90_000).length).toBeLessThanOrEqual(9);
    expect([0, NaN].map(timeTicks)).toEqual([[], []]);
  });

  it("name the nearest note", () => {
    expect([440, 261.63, 27.5, 450, 4186].map(noteOf)).toEqual(["A4", "C4", "A0", "A4", "C8"]);
    expect(noteOf(0)).toBeUndefined();
  });
});
