import type { Reporter, TestModule } from 'vitest/node';

/** Ends the run with one line that counts the tests, for people and machines alike. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(testModules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    for (const testModule of testModules) {
      counts.failed += testModule.errors().length;
      for (const test of testModule.children.allTests()) counts[test.result().state]++;
    }
    const line = `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped + counts.pending} skipped`;
    // After all that the default reporter still prints.
    process.once('exit', () => process.stdout.write(`${line}\n`));
  }
}
