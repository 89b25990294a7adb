import { availableParallelism, setPriority } from 'node:os';
import path from 'node:path';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Vitest starts with the largest files; these are short and take longest, so that at the end a core would wait for them. */
const longest = /test\/(?:faults|api\/pinned-snapshot|scripts\/(?:attack|bench|served))/;

function isLong({ moduleId }: TestSpecification): boolean {
  return longest.test(moduleId);
}

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // eslint-disable-next-line unicorn/no-array-sort -- vitest's own method
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/** Files with a process of their own: they start many, measure or change theirs, or import hooks of a suite. */
const isolated = [
  'test/{browser,contract,faults,histories,package,scripts}/**/*.test.ts',
  'test/api/{bytes-in-flight,fuzz,memory-bounds,pinned-snapshot,swap,threads,tracing}.test.ts',
  'test/engine/{live-hammer,live-interleaved}.test.ts',
  'test/graph-data/{backup,backup-refusals,graphology-specs,postgres,publish,restore}.test.ts',
];

// As nice as the threads of a server that walk and build: beside test files of a higher priority, those would starve.
setPriority(10);

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'isolated', include: isolated } },
      // These load the sources once a worker, not once a file, which takes half a second of processor time with a server.
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: isolated, isolate: false },
      },
    ],
    reporters: ['default', './test/summary-reporter.ts'],
    sequence: { sequencer: LongestFirst },
    setupFiles: ['./test/resolve-beside.ts', './test/seed.ts'],
    // Node runs the sources itself, as it does everywhere else, and keeps what it compiled: nothing is transformed, nor mocked.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // Worker threads that tests start load compiled code: the suites of servers take a quarter to a third less CPU time.
    env: {
      NODE_COMPILE_CACHE: path.join(import.meta.dirname, 'node_modules/.cache/pinwalk'),
      // Not only in test files, but in their threads, which load as much.
      NODE_OPTIONS: `--import=${new URL('test/resolve-beside.ts', import.meta.url).href}`,
    },
    // Workers wait for processes and disks: one more than cores used 85 % of two cores.
    maxWorkers: availableParallelism() + 2,
    // A machine that is busy must not fail a test: what is waited for comes, or never does.
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
    expect: { poll: { timeout: 300_000 } },
  },
});
export default config;
