// Lighthouse, of one version. It weighs more than all else that the page is built with, so npm
// fetches it when it is needed; LIGHTHOUSE names the folder of one that is there already.
import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const VERSION = "12.8.2";

interface Audit {
  id: string;
  score: number | null;
  scoreDisplayMode: string;
  details?: { items?: { node?: { snippet?: string } }[] };
}

interface Result {
  lhr: {
    audits: Record<string, Audit>;
    categories: { accessibility: { score: number | null } };
  };
}

interface Tab {
  url(): string;
}

interface Browser {
  pages(): Promise<Tab[]>;
  disconnect(): Promise<void>;
}

interface Lighthouse {
  snapshot: (page: Tab, options: { flags: object }) => Promise<Result | undefined>;
}

interface Puppeteer {
  connect: (options: object) => Promise<Browser>;
}

function folder(): string {
  if (process.env.LIGHTHOUSE !== undefined) return process.env.LIGHTHOUSE;
  const words = ["--yes", `--package=lighthouse@${VERSION}`, "--call", "command -v lighthouse"];
  const command = execFileSync("npx", words, { encoding: "utf8" }).trim();
  return join(realpathSync(command), "../..");
}

export interface Seen {
  /** Of 100. */
  score: number;
  /** What is wrong, and where. */
  faults: string[];
}

export class Judge {
  private constructor(
    private readonly lighthouse: Lighthouse,
    private readonly browser: Browser,
  ) {}

  /** Looks at the pages of the browser that listens at that port. */
  static async at(port: number): Promise<Judge> {
    const root = folder();
    const find = createRequire(join(root, "package.json"));
    const load = (path: string): Promise<unknown> => import(pathToFileURL(path).href);
    const lighthouse = (await load(join(root, "core/index.js"))) as Lighthouse;
    const puppeteer = (await load(find.resolve("puppeteer-core"))) as { default: Puppeteer };
    const browser = await puppeteer.default.connect({
      browserURL: `http://127.0.0.1:${String(port)}`,
      defaultViewport: null,
    });
    return new Judge(lighthouse, browser);
  }

  /** How accessible the page is as it is shown now; it is the only one that is open. */
  async look(): Promise<Seen> {
    const page = (await this.browser.pages()).find((each) => each.url().startsWith("http"));
    if (!page) throw new Error("there is no page to look at");
    const flags = {
      onlyCategories: ["accessibility"],
      formFactor: "desktop",
      screenEmulation: { disabled: true },
      logLevel: "error",
    };
    const result = await this.lighthouse.snapshot(page, { flags });
    if (!result) throw new Error("Lighthouse tells nothing");
    const { audits, categories } = result.lhr;
    const wrong = Object.values(audits).filter(
      ({ score, scoreDisplayMode }) => scoreDisplayMode === "binary" && score === 0,
    );
    const faults = wrong.flatMap(({ id, details }) =>
      (details?.items ?? []).map(({ node }) => `${id}: ${node?.snippet ?? ""}`),
    );
    return { score: Math.round((categories.accessibility.score ?? NaN) * 100), faults };
  }

  async end(): Promise<void> {
    await this.browser.disconnect();
  }
}

/** A port that nobody listens at. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
