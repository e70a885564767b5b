// What is measured in the page; each function is sent there, and uses nothing from outside of it.

/** Pans by dragging the pane, a step a frame, and tells how long each frame took. */
export async function pan(frames: number): Promise<number[]> {
  const pane = document.querySelector(".react-flow__pane");
  if (!pane) throw new Error("there is no pane");
  const area = pane.getBoundingClientRect();
  let [x, y] = [area.left + area.width * 0.8, area.top + area.height * 0.8];
  const send = (to: EventTarget, type: string) =>
    to.dispatchEvent(
      new MouseEvent(type, {
        ...{ clientX: x, clientY: y, button: 0, buttons: 1, bubbles: true, view: window },
      }),
    );
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  send(pane, "mousedown");
  const times: number[] = [];
  let before = await frame();
  for (let step = 0; step < frames; step += 1) {
    // To and fro, so that there is always something to see.
    const way = Math.floor(step / 60) % 2 === 0 ? -1 : 1;
    x += 12 * way;
    y += 5 * way;
    send(window, "mousemove");
    const now = await frame();
    times.push(now - before);
    before = now;
  }
  send(window, "mouseup");
  return times;
}

export interface Dragged {
  id: string;
  steps: number;
  /** Whether what draws the frame counts, too. */
  isWhole: boolean;
}

/** Drags a box, a step a frame: how long the page works on each step, all that follows it included.
 * A step that is handed out in the frame waits for its drawing; one between two frames does not. */
export async function drag({ id, steps, isWhole }: Dragged): Promise<number[]> {
  const box = document.querySelector(`.react-flow__node[data-id="${id}"]`);
  if (!box) throw new Error(`there is no ${id}`);
  const area = box.getBoundingClientRect();
  let [x, y] = [area.left + 60, area.top + 20];
  const send = (to: EventTarget, type: string) =>
    to.dispatchEvent(
      new MouseEvent(type, {
        ...{ clientX: x, clientY: y, button: 0, buttons: 1, bubbles: true, view: window },
      }),
    );
  // A task after all that was put off, as a message is handled before the next frame.
  const done = () =>
    new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(0);
    });
  send(box, "mousedown");
  const times: number[] = [];
  for (let step = 0; step < steps; step += 1) {
    await new Promise(requestAnimationFrame);
    if (!isWhole) await done();
    x += step % 40 < 20 ? 9 : -9;
    y += 1;
    const before = performance.now();
    performance.mark("step");
    send(window, "mousemove");
    await done();
    performance.mark("stepped");
    times.push(performance.now() - before);
  }
  send(window, "mouseup");
  return times;
}

/** How long the page's processor worked between two marks of a trace, each time: what else is busy
 * on the same cores does not count. */
export function workBetween(trace: Buffer, from: string, to: string): number[] {
  interface Event {
    name: string;
    /** Of the thread's processor time; microseconds. */
    tts?: number;
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: Event[] };
  const marks = traceEvents.filter(({ name }) => name === from || name === to);
  const times = marks.flatMap(({ tts }) => (tts === undefined ? [] : [tts]));
  times.sort((left, right) => left - right);
  return times.flatMap((time, index) =>
    index % 2 === 1 ? [(time - (times[index - 1] ?? NaN)) / 1000] : [],
  );
}

export interface Awaited {
  does: { press: KeyboardEventInit } | { paste: string };
  selector: string;
}

/** Does something on the canvas: how long until something is there that was not, and is painted. */
export async function until({ does, selector }: Awaited): Promise<number> {
  const before = performance.now();
  const how = { bubbles: true, cancelable: true };
  let event: Event;
  if ("paste" in does) {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", does.paste);
    event = new ClipboardEvent("paste", { ...how, clipboardData });
  } else event = new KeyboardEvent("keydown", { ...how, ...does.press });
  document.querySelector(".canvas")?.dispatchEvent(event);
  while (!document.querySelector(selector)) {
    if (performance.now() - before > 20_000) throw new Error(`there is no ${selector}`);
    await new Promise(requestAnimationFrame);
  }
  await new Promise(requestAnimationFrame);
  return performance.now() - before;
}

/** How long after the next press of Enter something is there that was not. */
export function afterEnter(selector: string): Promise<number> {
  return new Promise((resolve) => {
    let before = NaN;
    window.addEventListener(
      "keydown",
      ({ key }) => {
        if (key === "Enter") before = performance.now();
      },
      true,
    );
    const seen = new MutationObserver(() => {
      if (Number.isNaN(before) || !document.querySelector(selector)) return;
      seen.disconnect();
      resolve(performance.now() - before);
    });
    seen.observe(document, { subtree: true, childList: true, attributes: true });
  });
}

/** Begins to note how long the page needs to show what follows a key or a click. */
export function noteEvents(): void {
  const noted = new Map<number, number>();
  Object.assign(window, { noted });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { interactionId?: number })[]) {
      const { interactionId, duration } = entry;
      if (interactionId)
        noted.set(interactionId, Math.max(noted.get(interactionId) ?? 0, duration));
    }
  }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
}

/** Where boxes can be clicked that are in view as a whole, and under nothing. */
export function spotsInView(): { x: number; y: number }[] {
  return [...document.querySelectorAll(".react-flow__node:not(.selected)")].flatMap((box) => {
    const { left, top, width, height } = box.getBoundingClientRect();
    const spot = { x: left + width / 2, y: top + height / 4 };
    return box.contains(document.elementFromPoint(spot.x, spot.y)) ? [spot] : [];
  });
}
