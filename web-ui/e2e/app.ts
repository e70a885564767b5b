// What tests begin with: a flow in a fresh folder, served, and its page open.
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { watchContract } from "./contract";
import { Tutti } from "./server";

/** Files go from `in` to `out`. Nothing is started by hand: `serve` starts it. */
export const COPY = {
  format: 1,
  name: "copy",
  processors: {
    Get: { type: "GetFile", properties: { Directory: "DIR/in" } },
    Put: {
      type: "PutFile",
      properties: { Directory: "DIR/out" },
      autoTerminate: ["failure", "success"],
    },
  },
  connections: [{ from: "Get", relationships: ["success"], to: "Put" }],
};

/** Groups, ports, funnels and labels. */
export const NESTED = {
  format: 1,
  name: "nested",
  description: "Everything that a canvas can hold.",
  processors: {
    Get: { type: "GetFile", properties: { Directory: "DIR/in" } },
    Route: {
      type: "RouteOnAttribute",
      properties: { large: "${fileSize:gt(100)}" },
      autoTerminate: ["unmatched"],
    },
  },
  connections: [
    { from: "All", to: "Storage/In" },
    { from: "Get", relationships: ["success"], to: "Route" },
    { from: "Route", relationships: ["large"], to: "All" },
    { from: "Storage/Failed", to: "Log" },
  ],
  funnels: ["All"],
  labels: { Why: { text: "**Large** files only." } },
  groups: {
    Storage: {
      description: "Stores what comes in.",
      processors: {
        Store: {
          type: "PutFile",
          properties: { Directory: "DIR/out" },
          autoTerminate: ["success"],
        },
      },
      connections: [
        { from: "In", to: "Store" },
        { from: "Store", relationships: ["failure"], to: "Failed" },
      ],
      inputPorts: { In: {} },
      outputPorts: { Failed: {} },
    },
  },
};
Object.assign(NESTED.processors, { Log: { type: "LogAttribute", autoTerminate: ["success"] } });

export class App {
  /** Whether the page may say of itself that something went wrong. */
  mayFail = false;

  constructor(
    readonly tutti: Tutti,
    readonly page: Page,
  ) {}

  /** Serves a flow and opens its page. */
  async open(flow: { name: string }, parameters: string[] = []): Promise<void> {
    this.tutti.writeFlow(flow);
    await this.tutti.start(flow.name, parameters);
    await this.show(flow.name);
  }

  /** The same where the flow cannot run yet: a server of this flow alone would end at once. */
  async openFaulty(flow: { name: string }): Promise<void> {
    this.tutti.writeFlow(flow);
    await this.tutti.start(".");
    await this.show(flow.name);
  }

  async show(flow: string, rest = ""): Promise<void> {
    await this.page.goto(`${this.tutti.url}/#/flows/${flow}${rest}`);
    await expect(this.page.locator(".react-flow__node, .canvas-empty").first()).toBeVisible();
  }

  node(name: string): Locator {
    return this.page.locator(`.react-flow__node[data-id="${name}"]`);
  }

  chip(path: string): Locator {
    return this.page.locator(`.chip[data-path="${path}"]`);
  }

  get canvas(): Locator {
    return this.page.locator(".canvas");
  }

  /** Waits until every edit is kept. */
  async saved(): Promise<void> {
    // Where nothing can be sent nothing turns, either.
    const saved = this.page.locator(".saved:not(.lost)");
    await expect(saved.and(this.page.locator(":not(:has(.turning))"))).toHaveCount(1);
  }

  draft(flow: string): Promise<Draft> {
    return this.tutti.call<Draft>(`/flows/${flow}/draft`);
  }
}

/** Nothing serious is wrong with what is shown, for who sees or hears otherwise. */
export async function isAccessible(app: App): Promise<void> {
  const result = await new AxeBuilder({ page: app.page }).analyze();
  const serious = result.violations.filter(
    (each) => each.impact === "serious" || each.impact === "critical",
  );
  expect(
    serious.map(
      (each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 200)).join("\n")}`,
    ),
  ).toEqual([]);
}

export interface Draft {
  revision: number;
  flow: Record<string, Record<string, Record<string, unknown>>>;
  layout: {
    positions: Record<string, { x: number; y: number }>;
    sizes?: Record<string, { width: number; height: number }>;
  };
  findings: { message: string; element: { path: string } | null }[];
}

export const test = base.extend<{ app: App }>({
  app: async ({ page }, run) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      // What the server refuses is told in the page; the browser logs it, too.
      const isRefusal = message.text().includes("Failed to load resource");
      if (message.type() === "error" && !isRefusal) errors.push(message.text());
    });
    const contract = watchContract(page);
    const tutti = new Tutti();
    const app = new App(tutti, page);
    await run(app);
    expect(await contract.settled()).toEqual([]);
    await tutti.end();
    if (!app.mayFail) expect(errors).toEqual([]);
  },
});

export { expect };
