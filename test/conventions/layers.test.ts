import { describe, expect, test } from 'vitest';
import { type Layers, backDoors, layerFaults } from './layers.ts';
import { readSources } from './sources.ts';

const tables: readonly Layers[] = [
  { within: '', order: [['engine'], ['graph-data'], ['api'], ['scripts', 'index.ts']] },
  // The order within api/ goes here: { within: 'api/', order: [['problems.ts'], …] }.
];

test.each(readSources().map((source) => [source.file, source] as const))(
  '%s imports from the layers below alone, through their index.ts',
  (_file, source) => {
    for (const layers of tables) expect(layerFaults(source, layers)).toEqual([]);
    // The public library is the index of api/library.
    if (source.file !== 'index.ts') expect(backDoors(source)).toEqual([]);
  },
);

describe('sees imports that break the rules', () => {
  const house = tables[0]!;
  const api: Layers = { within: 'api/', order: [['log.ts'], ['ads', 'search'], ['routes']] };
  test.each([
    ['up', house, 'engine/walk/a.ts', `import { x } from '../../api/index.ts';`],
    ['up, of a type', house, 'engine/walk/a.ts', `import type { X } from '../../api/index.ts';`],
    ['up, later', house, 'engine/walk/a.ts', `const { x } = await import('../../api/index.ts');`],
    ['out of the house', house, 'api/a.ts', `import { x } from '../test/graphs.ts';`],
    ['up within api', api, 'api/search/a.ts', `export * from '../routes/index.ts';`],
    ['sideways', api, 'api/search/a.ts', `import { x } from '../ads/index.ts';`],
    ['from no layer', api, 'api/other/a.ts', `import { x } from '../log.ts';`],
    ['to no layer', api, 'api/search/a.ts', `import { x } from '../other/index.ts';`],
  ])('%s', (_, layers, file, text) => {
    expect(layerFaults({ file, text }, layers)).toHaveLength(1);
  });

  test('and leaves those alone that keep them', () => {
    const text = `import { x } from '../log.ts'; import { y } from './b.ts'; import { z } from '../../engine/index.ts';`;
    expect(layerFaults({ file: 'api/search/a.ts', text: text.replaceAll('; ', ';\n') }, api)).toEqual([]);
    expect(layerFaults({ file: 'engine/a.ts', text: `import x from './b.ts';` }, api)).toEqual([]);
  });

  test('past an index.ts', () => {
    const doors = (file: string, target: string): string[] =>
      backDoors({ file, text: `import { x } from '${target}';` });
    expect(doors('api/a.ts', '../engine/walk/pixie.ts')).toHaveLength(1);
    expect(doors('engine/walk/a.ts', '../graph/adjacency.ts')).toHaveLength(1);
    expect(doors('engine/walk/a.ts', '../errors.ts')).toEqual([]);
  });
});
