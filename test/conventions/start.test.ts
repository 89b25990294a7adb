import { expect, test } from 'vitest';
import { type Source, linksOf, readSources } from './sources.ts';

/** The files that run when `entry` is imported, without those that it imports later. */
function loadedBy(entry: string, sources: readonly Source[]): Set<string> {
  const byFile = new Map(sources.map((source) => [source.file, source]));
  const loaded = new Set([entry]);
  for (const file of loaded) {
    const source = byFile.get(file);
    if (source === undefined) continue;
    for (const { target, isType, isLate } of linksOf(source)) if (!isType && !isLate) loaded.add(target);
  }
  return loaded;
}

const sources = readSources();
const commands = sources
  .map(({ file }) => file)
  .filter((file) => /^scripts\/commands\/[\w-]+\.ts$/.test(file) && !file.endsWith('/serve.ts'));

test('the table of commands loads none of them', () => {
  expect([...loadedBy('scripts/pinwalk.ts', sources)]).toEqual(['scripts/pinwalk.ts']);
});

test.each(commands)('%s starts without the server, plots, Parquet and zip', (command) => {
  const loaded = loadedBy(command, sources);
  expect(loaded.size).toBeGreaterThan(10);
  const costly = [
    'api/app.ts',
    'scripts/reports/draw.ts',
    'graph-data/import/read-parquet.ts',
    'graph-data/import/read-zip.ts',
  ];
  for (const file of costly) expect(loaded).not.toContain(file);
});

/** Without those of long work, whose start matters little. */
const threads = sources
  .map(({ file }) => file)
  .filter((file) => /^api\/(?:runtime|operations)\/.*-(?:worker|process)\.ts$/.test(file))
  .filter((file) => !/(?:build|plan|report)-worker/.test(file));

test.each(threads)('%s starts without the modules of builds, backups and samples', (thread) => {
  const loaded = loadedBy(thread, sources);
  expect(loaded.size).toBeGreaterThan(10);
  const others = ['index.ts', 'analysis/index.ts', 'backup/index.ts', 'samples/index.ts'];
  for (const file of others) expect(loaded).not.toContain(`graph-data/${file}`);
});

test.each([
  ['scripts/commands/keys.ts', 150],
  ['scripts/commands/export.ts', 250],
  ['scripts/commands/import.ts', 300],
  ['api/operations/check-process.ts', 120],
  ['api/runtime/writing/checkpoint-worker.ts', 200],
  ['api/runtime/serving/walk-worker.ts', 270],
  ['api/runtime/serving/load-worker.ts', 240],
  ['api/runtime/writing/write-worker.ts', 220],
  ['api/runtime/writing/interaction-worker.ts', 190],
  ['api/runtime/jobs/build-worker.ts', 240],
])('%s loads at most %i modules', (file, max) => {
  expect(loadedBy(file, sources).size).toBeLessThanOrEqual(max);
});

/** All of the server but the thread that runs auctions, which starts with the first campaign. */
const serving = sources
  .map(({ file }) => file)
  .filter((file) => /^api\/(?:runtime|operations)\/.*-(?:worker|process)\.ts$/.test(file))
  .filter((file) => file !== 'api/runtime/writing/campaign-worker.ts');

test.each(['scripts/commands/serve.ts', ...serving])(
  '%s loads nothing of campaigns before there is one',
  (file) => {
    const loaded = [...loadedBy(file, sources)];
    const ofCampaigns =
      /^(?:engine\/ads|graph-data\/campaigns|api\/ads|api\/runtime\/promotion)\/|promot(?:able|ed-actions)/;
    // The door.
    const door = /^api\/runtime\/promotion\/(?:index|promotion)\.ts$/;
    expect(loaded.filter((each) => ofCampaigns.test(each) && !door.test(each))).toEqual([]);
  },
);

test('finds the code of campaigns behind their door', () => {
  const loaded = [...loadedBy('api/runtime/promotion/campaign-code.ts', sources)];
  for (const folder of ['engine/ads/', 'graph-data/campaigns/', 'api/ads/'])
    expect(loaded.filter((file) => file.startsWith(folder)).length).toBeGreaterThan(5);
});

test('the threads that walk load no schemas of requests', () => {
  const loaded = [...loadedBy('api/runtime/serving/walk-worker.ts', sources)];
  expect(loaded.filter((file) => file.startsWith('api/contract/'))).toEqual([]);
});

test('follows imports and re-exports, but neither types nor dynamic imports', () => {
  const texts = {
    'a.ts': `import { b } from './b.ts';\nimport type { C } from './c.ts';\nawait import('./d.ts');`,
    'b.ts': `export * from './e.ts';`,
  };
  const few = Object.entries(texts).map(([file, text]) => ({ file, text }));
  expect([...loadedBy('a.ts', few)]).toEqual(['a.ts', 'b.ts', 'e.ts']);
});
