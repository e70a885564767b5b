// Counts as Rust's test runner does, so that one program can add up all.
import type { TestModule } from "vitest/node";

export default class Counts {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state]++;
      // A module that cannot be loaded has no tests, and is no success.
      if (module.state() === "failed" && module.errors().length > 0) count.failed++;
    }
    const failed = count.failed + count.pending;
    const word = failed > 0 ? "FAILED" : "ok";
    console.log(
      `test result: ${word}. ${String(count.passed)} passed; ${String(failed)} failed; ` +
        `${String(count.skipped)} ignored`,
    );
  }
}
