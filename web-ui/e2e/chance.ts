// Somebody who edits a flow by chance, through keys and fields as people do. The same seed draws the
// same deeds; what they are done to is what is there by then.
import type { Page } from "@playwright/test";
import type { components } from "../src/api/schema";

type Accepted = components["schemas"]["Accepted"];
export type Operation = components["schemas"]["Operation"];

/** How often each is done, of 200. */
const DECK = {
  move: 86,
  set: 28,
  undo: 18,
  remove: 16,
  paste: 12,
  redo: 10,
  wire: 10,
  unwire: 8,
  add: 6,
  rename: 6,
};
type Deed = keyof typeof DECK;

const FIELD = "Attributes to Log by Regular Expression";
const WAYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
/** Fewer are not made even fewer, and more not even more. */
const BOXES = { min: 5, max: 10 };
/** After so many deeds all is in view again: what is not is not there to be chosen. */
const LOOK = 8;
/** What has gone meanwhile is not waited for. */
const SOON = { timeout: 3000 };

/** Numbers below `below`, the same for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export class Chance {
  /** How many operations were sent, and those that the server said it has taken. */
  sent = 0;
  readonly taken: Operation[] = [];
  private readonly next: (below: number) => number;
  private readonly answers: Promise<void>[] = [];
  private made = 0;

  constructor(
    private readonly page: Page,
    private readonly name: string,
    seed: number,
  ) {
    this.next = random(seed);
    page.on("response", (response) => {
      const { pathname } = new URL(response.url());
      if (!/\/(?:operations|undo|redo)$/.test(pathname)) return;
      if (response.request().method() !== "POST") return;
      this.sent += 1;
      if (response.ok()) this.answers.push(response.json().then(this.take));
    });
  }

  private readonly take = ({ operation }: Accepted) => {
    if (operation) this.taken.push(operation);
  };

  /** Until so many operations were sent: of some deeds nothing comes, as what they were meant for
   * is gone. */
  async edit(operations: number): Promise<void> {
    const all = Object.entries(DECK) as [Deed, number][];
    let deck: Deed[] = [];
    for (let deeds = 0; this.sent < operations && deeds < operations * 2; deeds += 1) {
      if (deck.length === 0) deck = all.flatMap(([deed, count]) => Array<Deed>(count).fill(deed));
      const [deed = "move"] = deck.splice(this.next(deck.length), 1);
      await this.do(deed);
      if (deeds % LOOK === 0) await this.page.keyboard.press("f");
    }
  }

  /** When all answers are read. */
  async settled(): Promise<void> {
    await Promise.all(this.answers);
  }

  private async do(deed: Deed): Promise<void> {
    const { keyboard } = this.page;
    if (deed === "unwire") {
      if (await this.choose(".react-flow__edge")) await keyboard.press("Delete");
    } else if (deed === "undo" || deed === "redo") {
      await keyboard.press("Control+z");
      // What was done since the last undo is all that could be done again.
      if (deed === "redo") await keyboard.press("Control+Shift+z");
    } else {
      const boxes = await this.choose(".react-flow__node");
      const isMore = deed === "add" || deed === "paste";
      if (deed === "add" ? boxes <= BOXES.max : deed === "remove" && boxes <= BOXES.min) {
        await this.add();
      } else if (deed === "remove" || (isMore && boxes > BOXES.max)) {
        await keyboard.press("Delete");
      } else if (deed === "paste") {
        await keyboard.press("Control+c");
        await keyboard.press("Control+v");
      } else if (deed === "set") await this.set();
      else if (deed === "rename") await this.rename();
      else if (deed === "wire") await this.wire();
      else await keyboard.press(`Alt+${WAYS[this.next(WAYS.length)] ?? ""}`);
    }
  }

  /** Clicks on one of those, also where what is told of contradictions lies over it; how many there
   * were. */
  private choose(what: string): Promise<number> {
    const all = this.page.locator(what);
    return all.evaluateAll(
      (each, part) => {
        const chosen = each[Math.floor(part * each.length)];
        chosen?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
        return each.length;
      },
      this.next(1000) / 1000,
    );
  }

  private async set(): Promise<void> {
    const field = this.page.getByRole("textbox", { name: FIELD });
    try {
      await field.fill(`${this.name}${String(this.next(1000))}`, SOON);
      await field.press("Enter", SOON);
    } catch {
      // The other has deleted it.
    }
    await this.leave();
  }

  private async add(): Promise<void> {
    await this.page.keyboard.press("a");
    await this.page.keyboard.type("logattr");
    await this.page.keyboard.press("Enter");
    await this.leave();
  }

  private async rename(): Promise<void> {
    this.made += 1;
    await this.page.keyboard.press("F2");
    const field = this.page.getByRole("dialog").getByRole("textbox", { name: "Name" });
    try {
      await field.fill(`${this.name} ${String(this.made)}`, SOON);
      await field.press("Enter", SOON);
    } catch {
      // The other has deleted it.
    }
    await this.leave();
  }

  /** To one of those that it may go to. */
  private async wire(): Promise<void> {
    await this.page.keyboard.press("c");
    for (let down = this.next(4); down > 0; down -= 1) await this.page.keyboard.press("ArrowDown");
    await this.page.keyboard.press("Enter");
    await this.leave();
  }

  /** Back to the canvas, whatever is open still. */
  private async leave(): Promise<void> {
    await this.page.evaluate(() => {
      for (const dialog of document.querySelectorAll("dialog[open]")) {
        dialog.dispatchEvent(new Event("cancel", { cancelable: true }));
      }
      document.querySelector<HTMLElement>(".canvas")?.focus();
    });
  }
}
