import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { settingSpecs } from '../../api/operations/setting-specs.ts';
import { settingsSchema } from '../../api/operations/settings.ts';
import { environmentOf, execForm, parseDockerfile, valuesOf } from '../../scripts/deploy/dockerfile.ts';
import { ignoredBy } from '../../scripts/deploy/run-stages.ts';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from '../api/server.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(path.join(root, 'deploy', name), 'utf8');
const server = serveForSuite((folder) => importSaves(folder, ['ann pasta basil', 'ann pasta tomato']));
const stages = parseDockerfile(read('Dockerfile'));
const image = stages.at(-1)!;
const { stopSecondsMax, port } = settingsSchema.parse({});

describe('deploy/Dockerfile', () => {
  test('every stage is of the Node that package.json names, and the last one has no tools of the first', () => {
    const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      engines: { node: string };
    };
    const major = /\d+/.exec(engines.node)![0];
    expect(stages.map(({ base }) => base)).toEqual(stages.map(() => `node:${major}-bookworm-slim`));
    expect(stages.length).toBeGreaterThan(1);
  });

  test('the image runs Node itself as a user without rights, so that SIGTERM reaches the server', () => {
    const names = image.instructions.map(({ name }) => name);
    expect(valuesOf(image, 'USER')).toEqual(['node']);
    expect(names.indexOf('USER')).toBeLessThan(names.indexOf('ENTRYPOINT'));
    expect(names.slice(names.indexOf('USER'))).not.toContain('RUN');
    const [program, script] = execForm(valuesOf(image, 'ENTRYPOINT')[0]!);
    expect(program).toBe('node');
    expect(existsSync(path.join(root, script!))).toBe(true);
    expect(execForm(valuesOf(image, 'CMD')[0]!)).toEqual(['serve']);
    expect(valuesOf(image, 'VOLUME')).toEqual([environmentOf(image)['PINWALK_DATA']]);
  });

  test('all files that it copies exist, and the context leaves out what it builds itself', () => {
    const copied = stages[0]!.instructions.filter(({ name }) => name === 'COPY');
    for (const { value } of copied) {
      for (const file of value.split(' ').slice(0, -1))
        expect(existsSync(path.join(root, file)), file).toBe(true);
    }
    expect(ignoredBy(path.join(root, 'deploy/Dockerfile.dockerignore'))).toEqual(
      expect.arrayContaining(['.git', 'node_modules', 'data']),
    );
  });

  test('the health check passes on a server that responds, and fails on a port where none does', () => {
    const [, ...args] = execForm(valuesOf(image, 'HEALTHCHECK')[0]!);
    const statusAt = (address: string): number | null =>
      // A child of its own: this thread must not wait for its own server.
      spawnSync(process.execPath, args, { env: { PINWALK_PORT: address } }).status;
    expect(statusAt('1')).toBe(1);
    expect(args.join(' ')).toContain('/healthz');
  });
});

/** Names of variables in a text that pinwalk would read. */
const variablesIn = (text: string): string[] => text.match(/PINWALK_[A-Z_]+/g) ?? [];

test.each(['Dockerfile', 'compose.yaml', 'pinwalk.service'])('deploy/%s sets settings that exist', (name) => {
  const known = new Set(settingSpecs.flatMap(({ variables }) => variables));
  expect(variablesIn(read(name)).filter((each) => !known.has(each))).toEqual([]);
  expect(variablesIn(read(name))).not.toEqual([]);
});

test('compose, the unit and the proxy wait longer than pinwalk takes to stop, and use its port', () => {
  const { services } = parse(read('compose.yaml')) as {
    services: { pinwalk: { ports: string[]; stop_grace_period: string; build: { dockerfile: string } } };
  };
  expect(parseInt(services.pinwalk.stop_grace_period, 10)).toBeGreaterThan(stopSecondsMax);
  expect(services.pinwalk.ports).toEqual([`127.0.0.1:${port}:${port}`]);
  expect(existsSync(path.join(root, services.pinwalk.build.dockerfile))).toBe(true);
  const unit = read('pinwalk.service');
  expect(Number(/^TimeoutStopSec=(\d+)/m.exec(unit)![1])).toBeGreaterThan(stopSecondsMax);
  expect(existsSync(path.join(root, /^ExecStart=\S+ (\S+) serve$/m.exec(unit)![1]!))).toBe(true);
  expect(read('nginx.conf')).toContain(`server 127.0.0.1:${port};`);
});

describe('monitoring', () => {
  /** Metrics that an expression of PromQL names: with the suffixes of a histogram's series. */
  const metricsIn = (expressions: readonly string[]): string[] =>
    expressions.flatMap((text) => text.match(/\b(pinwalk|process|nodejs)_[a-z0-9_]+/g) ?? []);
  const exposed = async (): Promise<Set<string>> => {
    const { body } = await server.get('/metrics');
    const names = (body as string)
      .split('\n')
      .flatMap((line) => /^# TYPE (\S+) (\S+)/.exec(line)?.slice(1, 3).join(' ') ?? []);
    return new Set(
      names.flatMap((named) => {
        const [name, type] = named.split(' ');
        return type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name!];
      }),
    );
  };
  const alerts = parse(read('alerts.yml')) as {
    groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[];
  };
  const dashboard = JSON.parse(read('grafana-dashboard.json')) as {
    panels: { id: number; title: string; targets: { expr: string }[] }[];
    annotations: { list: { expr: string }[] };
    templating: { list: { query: string }[] };
  };

  test('every metric of the alerts and of the dashboard is one that the server exposes', async () => {
    const known = await exposed();
    const rules = alerts.groups.flatMap((group) => group.rules);
    const panels = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const others = [
      ...dashboard.annotations.list.map(({ expr }) => expr),
      ...dashboard.templating.list.map(({ query }) => query),
    ];
    const named = metricsIn([...rules.map(({ expr }) => expr), ...panels, ...others]);
    expect(named.length).toBeGreaterThan(25);
    expect(named.filter((name) => !known.has(name) && !known.has(name.replace(/_instance$/, '')))).toEqual(
      [],
    );
    for (const { alert, annotations } of rules) expect(annotations.summary, alert).not.toBe('');
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  test('every problem code and state that an expression names exists', async () => {
    const { body } = await server.get('/metrics');
    const labels = [...JSON.stringify(alerts).matchAll(/(code|state)=~?\\"([^"\\]+)\\"/g)];
    expect(labels.length).toBeGreaterThan(3);
    for (const [, name, values] of labels) {
      for (const value of values!.split('|')) expect(body).toContain(`${name}="${value}"`);
    }
  });
});
