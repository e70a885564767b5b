// What is drawn: that something is there says nothing, so it is asked for its colour and place.
import type { Locator } from "@playwright/test";

export interface Place {
  x: number;
  y: number;
}

/** Where a box is drawn, in the units of the layout, however the canvas is moved and zoomed. */
export function placeOf(node: Locator): Promise<Place> {
  return node.evaluate((element) => {
    const { e, f } = new DOMMatrix(getComputedStyle(element).transform);
    return { x: e, y: f };
  });
}

/** How long something stands still before it counts as such; the view begins to move late. */
const STILL_FRAMES = 15;

/** Where something is on the screen when the view has moved to what was asked for. */
export async function stillBox(what: Locator): Promise<DOMRect> {
  const box = await what.evaluate(async (element, frames) => {
    const where = () => element.getBoundingClientRect().toJSON() as DOMRect;
    let last = where();
    for (let still = 0; still < frames; still += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = where();
      if (now.x !== last.x || now.y !== last.y || now.width !== last.width) still = 0;
      last = now;
    }
    return last;
  }, STILL_FRAMES);
  return box;
}

export interface Drawn {
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** How many pieces there are of it, each with something else around it. */
  parts: number;
}

/** What of a canvas has the colour of a token, its bounds as parts of the canvas. */
export function drawnIn(canvas: Locator, token: string): Promise<Drawn | undefined> {
  return canvas.evaluate((element: HTMLCanvasElement, name) => {
    const context = element.getContext("2d");
    const { width, height } = element;
    const one = document.createElement("canvas").getContext("2d");
    if (!context || !one || width === 0 || height === 0) return undefined;
    one.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    one.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = one.getImageData(0, 0, 1, 1).data;
    const { data } = context.getImageData(0, 0, width, height);
    const isOne = (pixel: number) => {
      const [r = 0, g = 0, b = 0, alpha = 0] = data.subarray(pixel * 4, pixel * 4 + 4);
      return alpha > 100 && Math.abs(r - red) + Math.abs(g - green) + Math.abs(b - blue) < 12;
    };
    /** Those that belong to no piece yet. */
    const rest = Uint8Array.from({ length: width * height }, (_, pixel) => Number(isOne(pixel)));
    let [first, last, upper, lower] = [width, 0, height, 0];
    let parts = 0;
    for (let start = rest.indexOf(1); start >= 0; start = rest.indexOf(1, start)) {
      parts += 1;
      rest[start] = 0;
      const edge = [start];
      for (let pixel = edge.pop(); pixel !== undefined; pixel = edge.pop()) {
        const x = pixel % width;
        const y = (pixel - x) / width;
        [first, last] = [Math.min(first, x), Math.max(last, x)];
        [upper, lower] = [Math.min(upper, y), Math.max(lower, y)];
        const beside = [pixel - width, pixel + width, ...(x > 0 ? [pixel - 1] : [])];
        if (x + 1 < width) beside.push(pixel + 1);
        for (const next of beside) {
          if (rest[next] !== 1) continue;
          rest[next] = 0;
          edge.push(next);
        }
      }
    }
    if (parts === 0) return undefined;
    return {
      left: first / width,
      top: upper / height,
      right: (last + 1) / width,
      bottom: (lower + 1) / height,
      parts,
    };
  }, token);
}

/** How bright each row of a picture is on the average, from the top. */
export function rowsOf(image: Locator): Promise<number[]> {
  return image.evaluate(async (element: HTMLImageElement) => {
    await element.decode();
    const canvas = document.createElement("canvas");
    const { naturalWidth: width, naturalHeight: height } = element;
    Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    context?.drawImage(element, 0, 0);
    return Array.from({ length: height }, (_, row) => {
      const { data = [] } = context?.getImageData(0, row, width, 1) ?? {};
      let all = 0;
      for (const [at, value] of data.entries()) if (at % 4 < 3) all += value;
      return all / width / 3;
    });
  });
}
