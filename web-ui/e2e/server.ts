// Starts the real binary on a folder of its own, and hands out the page with its policy when the
// binary does not do that itself.
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import {
  createServer,
  request as ask,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream";

const POLICY = "default-src 'self'; media-src 'self' blob:; img-src 'self' data: blob:";
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};
const DIST = new URL("../dist", import.meta.url).pathname;

export class Tutti {
  readonly folder = mkdtempSync(join(tmpdir(), "tutti-e2e-"));
  url = "";
  private engine: ChildProcess | undefined;
  private engineUrl = "";
  /** Any at first, and then the same: a page that is open finds the server again. */
  private port = "0";
  private token = "";
  private page: Server | undefined;

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Writes a flow; `DIR` in it stands for the folder. */
  writeFlow(flow: { name: string }, layout?: object): void {
    const text = JSON.stringify(flow, null, 2).replaceAll("DIR", this.folder);
    writeFileSync(this.path(`${flow.name}.json`), text);
    if (layout) writeFileSync(this.path(`${flow.name}.layout.json`), JSON.stringify(layout));
    for (const name of ["in", "out"]) mkdirSync(this.path(name), { recursive: true });
  }

  /** Runs the binary as somebody at that machine would; `input` is its standard input. */
  private command(words: string[], input = ""): string {
    const all = [...words, "--data", "data"];
    return execFileSync(binary(), all, { cwd: this.folder, input, encoding: "utf8" });
  }

  /** From the first user on, the tests themselves have a token. */
  addUser(name: string, role: string, password: string): void {
    this.command(["user", "add", name, "--role", role], `${password}\n`);
    if (this.token !== "") return;
    this.token = this.command(["token", "create", "tests", "--role", "editor"]).trim();
  }

  /** What the command line says of a flow in the folder. */
  validate(
    file: string,
  ): { message: string; place: { path: string }; element: { path: string } }[] {
    // It ends with 1 where something is wrong.
    const { stdout } = spawnSync(binary(), ["validate", file, "--json"], {
      cwd: this.folder,
      encoding: "utf8",
      maxBuffer: 64 << 20,
    });
    return JSON.parse(stdout) as ReturnType<Tutti["validate"]>;
  }

  setPassword(name: string, password: string): void {
    this.command(["user", "password", name], `${password}\n`);
  }

  /** Serves a flow, or all flows of the folder, also those that cannot run, for `.`; without one
   * what is in the data folder, as in the first run. */
  async start(flow: string, parameters: string[] = []): Promise<void> {
    const given = parameters.flatMap((each) => ["--param", each.replaceAll("DIR", this.folder)]);
    const engine = spawn(
      binary(),
      [
        "serve",
        ...(flow === "" ? [] : [flow === "." ? "." : `${flow}.json`]),
        "--data",
        "data",
        "--listen",
        `127.0.0.1:${this.port}`,
        ...given,
      ],
      { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] },
    );
    this.engine = engine;
    this.engineUrl = await listening(engine);
    this.port = new URL(this.engineUrl).port;
    const answer = await fetch(this.engineUrl, { headers: { accept: "text/html" } });
    const isHtml = answer.headers.get("content-type")?.startsWith("text/html") === true;
    // `TUTTI_PAGE=dist` is for the page as it was just built, with a binary of before.
    const isOwn = isHtml && process.env.TUTTI_PAGE !== "dist";
    this.url = isOwn ? this.engineUrl : await this.servePage();
  }

  /** Ends the engine as a power failure would. */
  async kill(): Promise<void> {
    const { engine } = this;
    if (engine?.exitCode !== null || engine.signalCode !== null) return;
    const ended = new Promise((resolve) => engine.once("exit", resolve));
    engine.kill("SIGKILL");
    await ended;
  }

  async end(): Promise<void> {
    await this.kill();
    this.page?.closeAllConnections();
    this.page?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Calls the API beside the page, as somebody else would. */
  async call<T>(path: string, body?: object): Promise<T> {
    const known = this.token === "" ? {} : { authorization: `Bearer ${this.token}` };
    const init = body && { method: "POST", body: JSON.stringify(body) };
    const headers = { ...known, ...(body && { "content-type": "application/json" }) };
    const answer = await fetch(`${this.engineUrl}/api/v1${path}`, { ...init, headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${text}`);
    return JSON.parse(text) as T;
  }

  private async servePage(): Promise<string> {
    if (this.page) return this.url;
    const page = createServer((request, response) => {
      this.answer(request, response);
    });
    this.page = page;
    await new Promise<void>((resolve) => page.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${String((page.address() as AddressInfo).port)}`;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = new URL(request.url ?? "/", "http://page").pathname;
    if (path.startsWith("/api/")) {
      this.pass(request, response);
      return;
    }
    const name = join(DIST, normalize(path === "/" ? "/index.html" : path));
    if (!name.startsWith(DIST) || !existsSync(name)) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[extname(name)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, "content-security-policy": POLICY });
    createReadStream(name).pipe(response);
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    const target = new URL(request.url ?? "/", this.engineUrl);
    const { origin: _, ...headers } = request.headers;
    const passed = ask(target, {
      method: request.method,
      headers: { ...headers, host: target.host },
    });
    passed.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      // Ends also when the other side does, before its answer was whole.
      pipeline(answer, response, () => undefined);
    });
    passed.on("error", () => response.destroy());
    request.pipe(passed);
  }
}

function binary(): string {
  const named = process.env.TUTTI_BINARY;
  if (named === undefined) throw new Error("TUTTI_BINARY names no binary");
  return named;
}

function listening(engine: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let told = "";
    for (const stream of [engine.stdout, engine.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on("line", (line) => {
        told += `${line}\n`;
        const found = /listening on (http:\/\/\S+)/.exec(line);
        if (found) resolve((found[1] ?? "").replace(/\/$/, ""));
      });
    }
    engine.once("exit", (code) => {
      reject(new Error(`the binary ended with ${String(code)}:\n${told}`));
    });
  });
}
