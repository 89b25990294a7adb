import { describe, expect, test } from 'vitest';
import { type Layers, backDoors, layerFaults } from './layers.ts';
import { readSources } from './sources.ts';

const house: Layers = {
  within: '',
  imports: {
    engine: [],
    'graph-data': ['engine'],
    api: ['engine', 'graph-data'],
    // Runs in a browser.
    'api/explorer/page': ['engine', 'type api'],
    scripts: ['engine', 'graph-data', 'api'],
    'index.ts': ['engine', 'graph-data', 'api'],
  },
};

const core = ['base', 'contract', 'recommend'];
/** They deliver recommendations; none imports another. */
const surfaces = ['interests', 'search', 'notifications', 'ads'];
const server = [...core, ...surfaces, 'experiments', 'runtime', 'operations'];
const api: Layers = {
  within: 'api/',
  imports: {
    base: [],
    contract: ['base'],
    recommend: ['base', 'contract'],
    ...Object.fromEntries(surfaces.map((surface) => [surface, core])),
    runtime: [...core, ...surfaces],
    operations: [...core, ...surfaces, 'runtime'],
    http: ['base'],
    'service.ts': server,
    routes: [...server, 'http', 'service.ts'],
    explorer: ['base'],
    'explorer/page': ['type contract'],
    'app.ts': [...server, 'http', 'service.ts', 'routes', 'explorer'],
    experiments: core,
    // No server needs what only measures recommendations.
    'offline/pool': [],
    'offline/bulk': [...core, 'offline/pool'],
    'offline/notify-simulation': core,
    'offline/evaluate': [...core, 'offline/pool'],
    'offline/tune': [...core, 'offline/evaluate'],
    'offline/tune-presets': [...core, 'offline/evaluate'],
    library: [...core, 'offline/evaluate', 'offline/tune'],
    'index.ts': [
      ...server,
      'http',
      'service.ts',
      'routes',
      'explorer',
      'app.ts',
      'offline/evaluate',
      'offline/tune',
      'offline/tune-presets',
      'library',
    ],
  },
};

test.each(readSources().map((source) => [source.file, source] as const))(
  '%s imports only from the layers below, through their index.ts',
  (_file, source) => {
    for (const layers of [house, api]) expect(layerFaults(source, layers)).toEqual([]);
    // The public library is the index of api/library.
    if (source.file !== 'index.ts') expect(backDoors(source)).toEqual([]);
  },
);

describe('import rules', () => {
  const surfacesApart: Layers = { within: 'api/', imports: { ads: core, search: core } };
  test.each([
    ['upwards', house, 'engine/walk/a.ts', `import { x } from '../../api/index.ts';`],
    ['of a type, upwards', house, 'engine/walk/a.ts', `import type { X } from '../../api/index.ts';`],
    ['upwards at run time', house, 'engine/walk/a.ts', `const { x } = await import('../../api/index.ts');`],
    ['from outside the layers', house, 'api/a.ts', `import { x } from '../test/graphs.ts';`],
    ['upwards within api', api, 'api/search/a.ts', `export * from '../routes/index.ts';`],
    [
      'of the server, offline',
      api,
      'api/offline/evaluate/a.ts',
      `import { x } from '../../runtime/index.ts';`,
    ],
    ['of offline, in the server', api, 'api/routes/a.ts', `import { x } from '../offline/tune/index.ts';`],
    ['sideways', surfacesApart, 'api/search/a.ts', `import { x } from '../ads/index.ts';`],
    [
      'of a value where only types are allowed',
      api,
      'api/explorer/page/a.ts',
      `import { type X, y } from '../../contract/index.ts';`,
    ],
    [
      'of Node code in the browser',
      house,
      'api/explorer/page/a.ts',
      `import { x } from '../../../graph-data/index.ts';`,
    ],
    ['from an unknown layer', api, 'api/other/a.ts', `import { x } from './b.ts';`],
    ['of an unknown layer', api, 'api/search/a.ts', `import { x } from '../other/index.ts';`],
  ])('detects an import %s', (_, layers, file, text) => {
    expect(layerFaults({ file, text }, layers)).toHaveLength(1);
  });

  test('accepts imports that follow the rules', () => {
    const keep = (file: string, target: string, clause = '{ x }'): void =>
      expect(
        [house, api].flatMap((layers) =>
          layerFaults({ file, text: `import ${clause} from '${target}';` }, layers),
        ),
      ).toEqual([]);
    keep('api/search/a.ts', '../base/index.ts');
    keep('api/search/a.ts', './b.ts');
    keep('api/search/a.ts', '../../engine/index.ts');
    keep('api/explorer/page/a.ts', '../../contract/index.ts', 'type { X }');
    keep('api/offline/tune/a.ts', '../evaluate/index.ts');
    keep('engine/a.ts', './b.ts');
  });

  test('detects imports that bypass an index.ts', () => {
    const doors = (file: string, target: string): string[] =>
      backDoors({ file, text: `import { x } from '${target}';` });
    expect(doors('api/a.ts', '../engine/walk/pixie.ts')).toHaveLength(1);
    expect(doors('engine/walk/a.ts', '../graph/adjacency.ts')).toHaveLength(1);
    expect(doors('engine/walk/a.ts', '../errors.ts')).toEqual([]);
  });
});
