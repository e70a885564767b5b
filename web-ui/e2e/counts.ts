// Counts as Rust's test runner does, so that one program can add up all.
import type { Reporter, TestCase } from "@playwright/test/reporter";

export default class Counts implements Reporter {
  private readonly tests = new Set<TestCase>();

  onTestEnd(test: TestCase): void {
    this.tests.add(test);
  }

  onEnd(): void {
    const count = { expected: 0, unexpected: 0, flaky: 0, skipped: 0 };
    for (const test of this.tests) count[test.outcome()]++;
    const failed = count.unexpected + count.flaky;
    const word = failed > 0 ? "FAILED" : "ok";
    console.log(
      `test result: ${word}. ${String(count.expected)} passed; ${String(failed)} failed; ` +
        `${String(count.skipped)} ignored`,
    );
  }
}
