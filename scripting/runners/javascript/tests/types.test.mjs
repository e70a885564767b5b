// TypeScript: its types go, its lines stay.
import test from "node:test";
import assert from "node:assert/strict";
import { contentOf } from "./host.mjs";
import { done, failure, loadFault } from "./runner.mjs";

const run = (script, name = "script.ts") => contentOf(done(script, ['{"a":1}'], { name }).done[0]);

test("all kinds of types", () => {
  const script = `
    import type { FlowFile } from 'tutti'
    type Row = { a: number, b?: string }
    interface Named<T extends object = {}> extends Object {
      name: string
      (x: T): void
    }
    declare const outside: number
    declare function elsewhere(a: string): void
    export type { Row }
    abstract class Base<T> {
      protected abstract make(): T
      abstract readonly kind: string;
      constructor(public_: number) {}
      declare hidden: string
    }
    class Made<T> extends Base<T> implements Named, Other<T> {
      private readonly items?: T[] = []
      static count: number = 0;
      [key: string]: any
      value!: string
      #own: Map<string, T> = new Map<string, T>()
      override kind: string = 'made'
      protected make(): T { return this.items![0] as T }
      public add(item: T): this { (this.items as T[]).push(item); return this }
      get size(): number { return this.items?.length ?? 0 }
      over(a: string): void
      over(a: number): void
      over(a: any) { return a }
      async later<U>(this: Made<T>, a?: U, ...rest: U[]): Promise<U | undefined> { return await a }
    }
    function pick<K extends keyof Row>(row: Row, key: K): Row[K] { return row[key] }
    function isRow(value: unknown): value is Row { return typeof value === 'object' }
    function check(value: unknown): asserts value is Row {}
    const arrow = (a: number, b: number = 2): number => a + b
    const generic = <T,>(x: T): T => x
    const tall = (a: number): {
      a: number
    } => ({ a })
    const asserted = <number>(1 as unknown as number) satisfies number
    let definite!: string
    let [one, two]: [number, string] = [1, 'two']
    const { a: renamed }: Row = { a: 5 }
    for (const each of [1, 2] as const) { definite = String(each) }
    label: for (;;) { break label }
    try { throw 1 } catch (error: unknown) { definite += error }
    const template = \`\${one as number}\` as string
    export async function process(flowfile: FlowFile): Promise<Result> {
      const row = flowfile.json() as Row
      const made = new Made<number>(1).add(pick<'a'>(row, 'a')!)
      const list = [made.size, made.make(), arrow(1), generic<string>('g'), tall(3).a, asserted,
        definite,
        renamed, two, template, isRow(row), await made.later<number>(7), made.kind]
      return { content: list, attributes: { line: new Error().stack } }
    }`;
  assert.equal(run(script), '[1,1,3,"g",3,1,"21",5,"two","1",true,7,"made"]');
});

test("it needs no other name where it is no JavaScript", () => {
  assert.equal(
    run("const n: number = 5\nfunction process(f: any) { return { content: [n] } }", "script.js"),
    "[5]",
  );
});

test("less-than signs stay what they are in JavaScript", () => {
  assert.equal(
    run(
      `function process(f) { const a = 1, b = 2, c = 3, d = (x) => x;
    return { content: [a < b, (b > (c)), [d < (b), a > (c)]] } }`,
      "script.js",
    ),
    "[true,false,[false,false]]",
  );
});

test("lines that end before a bracket", () => {
  assert.equal(
    run(`let a = 1 as number
    ;[a] = [2]
    type T = string
    ;(function () { a += 1 })()
    let b = a as any
    (globalThis).x = 1
    function process(f) { return { content: [a, b] } }`),
    "[3,3]",
  );
});

test("lines stay", () => {
  const fault = failure(
    `interface A {
      b: string
    }
    function process(f: {
      size: number
    }): void {
      const a: A | null = null
      a!.b
    }`,
    ["x"],
    { name: "script.ts" },
  );
  assert.equal(fault.line, 8);
  assert.match(fault.trace, /at process \(script\.ts:8\)/);
});

test("what is more than types is refused", () => {
  for (const [script, text] of [
    ["enum A { B }", /enum is not there: use const/],
    ["const enum A { B }", /enum is not there/],
    ["namespace N { export const a = 1 }", /namespace is not there/],
    ["class A { constructor(private a: number) {} }", /parameter cannot be a property/],
    ["@dec class A {}", /no decorators/],
    ["class A { @dec b() {} }", /no decorators/],
    ['import x = require("x")', /no modules/],
    ['import { a } from "x"', /no modules/],
  ]) {
    const fault = loadFault(`// first\n${script}`, { name: "script.ts" });
    assert.match(fault.message, text, script);
    assert.equal(fault.line, 2, script);
  }
  assert.equal(
    run(
      "declare enum A { B }\ndeclare namespace N {}\n" +
        'function process(f) { return { content: "x" } }',
    ),
    "x",
  );
});

test("mistakes of grammar", () => {
  const fault = loadFault("const a: number = 1\nconst b: = 2", { name: "script.ts" });
  assert.equal(fault.line, 2);
  assert.match(fault.message, /unexpected '='/);
});
