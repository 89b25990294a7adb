import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { settingsSchema } from '../../api/operations/settings.ts';
import { type Configuration, type ConfigurationSources, configure, settingSpecs } from '../../api/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalk } from './command.ts';

const defaults = settingsSchema.parse({});

function from(sources: Partial<ConfigurationSources> & { json?: string } = {}): Configuration {
  const { json, ...others } = sources;
  const file = json === undefined ? undefined : { name: 'file.json', read: () => json };
  return configure({ environment: {}, flags: {}, file, ...others });
}

describe('configure', () => {
  test('configure without sources returns the defaults', () => {
    const { settings, origins, faults } = from();
    expect(faults).toEqual([]);
    expect(settings).toEqual(defaults);
    expect(settings).toMatchObject({ host: '127.0.0.1', port: 3000, queueMsMax: 50, stepsMax: 10_000_000 });
    expect(settings.threads).toBeGreaterThan(0);
    expect(new Set(Object.values(origins))).toEqual(new Set(['default']));
  });

  test('configure gives precedence to flags, then PINWALK_, HOST and PORT, then the file', () => {
    const json = '{"port": 1, "threads": 1, "host": "file", "data": "file", "queueMsMax": 1.5}';
    const environment = {
      PORT: '2',
      PINWALK_PORT: '3',
      HOST: 'platform',
      PINWALK_DATA: 'environment',
      PINWALK_THREADS: '2',
    };
    const { settings, origins, faults } = from({ json, environment, flags: { threads: '3' } });
    expect(faults).toEqual([]);
    expect(settings).toEqual({
      ...defaults,
      port: 3,
      host: 'platform',
      data: 'environment',
      threads: 3,
      queueMsMax: 1.5,
    });
    expect(origins).toMatchObject({
      port: 'PINWALK_PORT',
      host: 'HOST',
      data: 'PINWALK_DATA',
      threads: '--threads',
      queueMsMax: 'file.json',
      logLevel: 'default',
    });
  });

  test('configure reads 5e6, 20_000 and .5 as numbers', () => {
    const flags = { stepsMax: '5e6', queueLengthMax: '20_000', swapOverlapMin: '.5' };
    const { settings } = from({ flags });
    expect(settings).toMatchObject({ stepsMax: 5_000_000, queueLengthMax: 20_000, swapOverlapMin: 0.5 });
  });

  test('configure reports all faults at once, each with its source and the allowed values', () => {
    const { faults } = from({
      json: '{"threads": "2", "host": "", "logLevel": "loud", "queuMsMax": 4, "STEPSMAX": 5, "color": 1}',
      environment: { PORT: '65536', PINWALK_SWAP_OVERLAP_MIN: '1.1', PINWALK_STOP_SECONDS_MAX: '' },
      flags: { bodyBytesMax: '1.2.3', keptAnswersMax: '1.5', stepsMax: '-1' },
    });
    expect(faults).toEqual([
      'file.json: there is no setting "queuMsMax"; did you mean queueMsMax?',
      'file.json: there is no setting "STEPSMAX"; did you mean stepsMax?',
      expect.stringMatching(/^file\.json: there is no setting "color"; allowed are data, host, port, /),
      'file.json: host is "", allowed is text, not empty',
      'PORT: port is 65536, allowed is integer in [0, 65535]',
      'file.json: logLevel is "loud", allowed is debug, info, warn, error, silent',
      'file.json: threads is "2", allowed is integer in [1, 256]',
      '--body-bytes-max: bodyBytesMax is "1.2.3", allowed is integer in [1024, 1073741824]',
      '--steps-max: stepsMax is -1, allowed is integer in [1, 1000000000000]',
      '--kept-answers-max: keptAnswersMax is 1.5, allowed is integer in [1, 1000000]',
      'PINWALK_SWAP_OVERLAP_MIN: swapOverlapMin is 1.1, allowed is number in [0, 1]',
      'PINWALK_STOP_SECONDS_MAX: stopSecondsMax is "", allowed is number in [0, 3600]',
    ]);
  });

  test('configure checks a value that a flag overrides', () => {
    const { settings, faults } = from({ environment: { PORT: 'x' }, flags: { port: '4' } });
    expect(settings.port).toBe(4);
    expect(faults).toEqual(['PORT: port is "x", allowed is integer in [0, 65535]']);
  });

  test.each([
    ['{"port": ', /^file\.json: it is not JSON: /],
    ['[]', /^file\.json: it is not a JSON object/],
    ['null', /^file\.json: it is not a JSON object/],
    ['{"__proto__": {"port": 1}}', /^file\.json: there is no setting "__proto__"/],
    ['{"constructor": 1}', /^file\.json: there is no setting "constructor"/],
  ])('configure refuses the file %s', (json, fault) => {
    const { settings, faults } = from({ json, environment: { PORT: '-' } });
    expect(faults).toEqual([expect.stringMatching(fault), expect.stringMatching(/^PORT: /)]);
    expect(settings).toEqual(defaults);
  });
});

describe('pinwalk config', () => {
  test('config --json prints a file for --config, --print a line for each setting', async () => {
    const file = path.join(temporaryFolder(), 'pinwalk.json');
    const { stdout, code } = await pinwalk('config', '--print', '--json', '--threads', '7', '--port', '8123');
    expect(code).toBe(0);
    writeFileSync(file, stdout);
    expect(settingsSchema.parse(JSON.parse(stdout))).toMatchObject({ threads: 7, port: 8123 });
    expect((await pinwalk('config', '--json', '--config', file)).stdout).toBe(stdout);
    const printed = await pinwalk('config', '--print', '--config', file, '--port', '8124');
    expect(printed.stdout).toMatch(/^port +8124 +--port$/m);
    expect(printed.stdout).toContain(file);
    expect(printed.stdout.trim().split('\n')).toHaveLength(settingSpecs.length);
    const { settings, sources } = JSON.parse(
      (await pinwalk('config', '--json', '--sources', '--port', '1')).stdout,
    ) as Configuration & { sources: object };
    expect(Object.keys(sources)).toEqual(settingSpecs.map(({ name }) => name));
    expect(settings).toMatchObject({ port: 1 });
    expect(sources).toMatchObject({ port: '--port', stepsMax: 'default' });
  });

  test.each(['config', 'serve', 'start'])('%s prints all faults and exits with 2', async (command) => {
    const ended = await pinwalk(command, '--config', '/nowhere/x.json', '--port', 'x', '--threads', '0');
    expect(ended.code).toBe(2);
    expect(ended.stdout).toBe('');
    expect(ended.stderr.trimEnd().split('\n')).toEqual([
      'pinwalk: the configuration has 3 faults:',
      expect.stringMatching(/^ {2}\/nowhere\/x\.json: it cannot be read: ENOENT/),
      '  --port: port is "x", allowed is integer in [0, 65535]',
      '  --threads: threads is 0, allowed is integer in [1, 256]',
    ]);
  });
});

describe('docs/configuration.md', () => {
  test('docs/configuration.md lists the settings, ranges and defaults of the code', () => {
    const text = readFileSync(path.join(import.meta.dirname, '../../docs/configuration.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `.*\|$/gm)].map(([row]) =>
      row
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
    expect(rows).toEqual(
      settingSpecs.map(({ name, allowed, default: value, about }) => [
        `\`${name}\``,
        allowed,
        // The only default that depends on the machine.
        name === 'threads'
          ? 'cores'
          : value === undefined
            ? 'not set'
            : `\`${JSON.stringify(value).replaceAll('"', '')}\``,
        about,
      ]),
    );
  });
});
