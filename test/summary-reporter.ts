import type { Reporter, TestModule } from 'vitest/node';

/** Ends the run with why tests were skipped, and one line that counts the tests, for people and machines alike. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(testModules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    const skippedBy = new Map<string, number>();
    for (const testModule of testModules) {
      counts.failed += testModule.errors().length;
      for (const test of testModule.children.allTests()) {
        const result = test.result();
        counts[result.state]++;
        if (result.state !== 'skipped' || result.note === undefined) continue;
        skippedBy.set(result.note, (skippedBy.get(result.note) ?? 0) + 1);
      }
    }
    const reasons = Array.from(skippedBy, ([reason, count]) => `${count} skipped: ${reason}\n`).join('');
    const line = `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped + counts.pending} skipped`;
    // After all that the default reporter still prints.
    process.once('exit', () => process.stdout.write(`${reasons}${line}\n`));
  }
}
