import { describe, expect, test } from 'vitest';
import {
  type FeatureDefinition,
  type FeatureFields,
  type ModelLog,
  FeatureState,
  featureRows,
  leakAt,
  nextBelow,
  nextUnit,
  randomStream,
} from '../../../engine/index.ts';

const hourMs = 3_600_000;
const fields: FeatureFields = { entities: ['user', 'pin'], numbers: ['walk'], labels: ['click', 'save'] };
const definitions: FeatureDefinition[] = [
  { kind: 'rate', of: 'click', by: ['user'], halfLifeHours: 24, prior: 3 },
  { kind: 'rate', of: 'click', by: ['user', 'pin'], within: ['pin'], prior: 2 },
  { kind: 'rate', of: 'save', by: [], prior: 1 },
  { kind: 'count', of: 'shown', by: ['pin'], halfLifeHours: 2 },
  { kind: 'count', of: 'click', by: ['pin'] },
  { kind: 'since', of: 'shown', by: ['user'] },
  { kind: 'since', of: 'save', by: ['user', 'pin'] },
  { kind: 'hour' },
  { kind: 'weekday' },
  { kind: 'number', field: 'walk' },
  { kind: 'entity', by: ['user', 'pin'] },
];

/** Impressions, some at the same moment, with actions that arrive up to three hours later. */
function logOf(count: number, seed: number): ModelLog {
  const stream = randomStream(seed);
  const times = new Float64Array(count);
  const entities = new Float64Array(2 * count);
  let time = Date.UTC(2026, 9, 24);
  const acted: { row: number; label: number; at: number }[] = [];
  for (let row = 0; row < count; row++) {
    if (nextUnit(stream) < 0.7) time += Math.floor(nextUnit(stream) * hourMs);
    times[row] = time;
    entities[2 * row] = nextBelow(stream, 20);
    entities[2 * row + 1] = nextBelow(stream, 40) - 1;
    for (const [label, rate] of [0.4, 0.1].entries()) {
      if (nextUnit(stream) < rate) acted.push({ row, label, at: time + Math.floor(nextUnit(stream) * 3 * hourMs) }); // prettier-ignore
    }
  }
  acted.sort((a, b) => a.at - b.at);
  return {
    count,
    times,
    entities,
    numbers: Float64Array.from(times, () => nextUnit(stream)),
    zoneOf: (row) => (row % 2 === 0 ? 'Europe/Berlin' : 'UTC'),
    actions: {
      count: acted.length,
      rows: Int32Array.from(acted, ({ row }) => row),
      labels: Uint8Array.from(acted, ({ label }) => label),
      times: Float64Array.from(acted, ({ at }) => at),
      amounts: new Float64Array(acted.length).fill(1),
    },
  };
}

const rowsOf = (log: ModelLog): Float64Array => featureRows(log, new FeatureState(definitions, fields));

describe('features', () => {
  test('are the same bits offline and online, whatever is scored in between', () => {
    const log = logOf(400, 1);
    const offline = rowsOf(log);
    const state = new FeatureState(definitions, fields);
    const online = new Float64Array(offline.length);
    const shownOf = (row: number, pin = log.entities[2 * row + 1]!) => ({
      time: log.times[row]!,
      entities: [log.entities[2 * row]!, pin],
      numbers: [log.numbers[row]!],
      zone: log.zoneOf(row),
    });
    // A server: a list is scored among candidates that nobody is shown, and actions come as requests.
    const scratch = new Float64Array(state.width);
    let action = 0;
    const arrive = (until: number): void => {
      const { rows, labels, times, count } = log.actions;
      for (; action < count && times[action]! < until; action++) {
        state.read({ ...shownOf(rows[action]!), time: times[action]! }, scratch);
        state.acted(shownOf(rows[action]!), labels[action]!, times[action]!);
      }
    };
    for (let row = 0; row < log.count; row++) {
      let end = row;
      arrive(log.times[row]!);
      for (; end < log.count && log.times[end] === log.times[row]; end++) {
        for (let pin = 0; pin < 40; pin += 7) state.read(shownOf(end, pin), scratch);
        state.read(shownOf(end), online, end * state.width);
      }
      for (let each = row; each < end; each++) state.shown(shownOf(each));
      row = end - 1;
    }
    expect(Buffer.from(online.buffer)).toEqual(Buffer.from(offline.buffer));
    expect(new Set(offline).size).toBeGreaterThan(1_000);
  });

  test('know nothing of what comes after, and a planted leak is found', () => {
    const log = logOf(400, 2);
    const looks = [57, 130, 222, 301, 399];
    expect(leakAt(log, rowsOf(log), rowsOf, looks)).toBe(-1);
    // Counted before it is read: a row knows of itself.
    const knowsItself = (of: ModelLog): Float64Array => {
      const rows = rowsOf(of);
      const width = rows.length / of.count;
      for (let i = 0; i < of.actions.count; i++) rows[of.actions.rows[i]! * width]! += 0.01;
      return rows;
    };
    expect(leakAt(log, knowsItself(log), knowsItself, looks)).toBeGreaterThan(0);
    // Scaled by the mean of the whole log.
    const isScaled = (of: ModelLog): Float64Array => {
      const rows = rowsOf(of);
      const mean = rows.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0) / rows.length;
      return rows.map((value) => value - mean);
    };
    expect(leakAt(log, isScaled(log), isScaled, looks)).toBe(57);
  });

  test('refuses an impression that is earlier than counted ones', () => {
    const state = new FeatureState(definitions, fields);
    const at = (time: number) => ({ time, entities: [1, 2], numbers: [0], zone: 'UTC' });
    state.shown(at(10 * hourMs));
    expect(() => state.read(at(9 * hourMs), new Float64Array(10))).toThrow('would know the future');
    expect(() => state.acted(at(0), 0, 9 * hourMs)).toThrow('in the order of their times');
  });

  test('rates shrink to the coarser one, decay by their half-life, and count an action from its arrival', () => {
    const one: FeatureDefinition[] = [
      { kind: 'rate', of: 'click', by: ['user'], halfLifeHours: 24, prior: 2 },
      { kind: 'count', of: 'click', by: ['user'], halfLifeHours: 24 },
      { kind: 'since', of: 'click', by: ['user'] },
    ];
    const state = new FeatureState(one, fields);
    const at = (hours: number, user = 1) => ({ time: 1e12 + hours * hourMs, entities: [user, 0], numbers: [0], zone: 'UTC' }); // prettier-ignore
    const read = (hours: number, user = 1): number[] => {
      const out = new Float64Array(3);
      state.read(at(hours, user), out);
      return [...out];
    };
    expect(read(0)).toEqual([0.5, 0, NaN]);
    for (let i = 0; i < 4; i++) state.shown(at(0));
    state.acted(at(0), 0, 1e12 + 24 * hourMs);
    // All: 1 click, 4 impressions of which half are left; prior 2 at a half.
    const all = (1 + 1) / (2 + 2);
    expect(read(24)[0]).toBeCloseTo((1 + 2 * all) / (2 + 2), 12);
    expect(read(24, 2)[0]).toBeCloseTo(all, 12);
    expect(Math.expm1(read(48)[1]!)).toBeCloseTo(0.5, 12);
    expect(Math.expm1(read(48)[2]!)).toBeCloseTo(24, 9);
  });

  test('hour and weekday are of the time zone, also when its clock is put back', () => {
    const state = new FeatureState([{ kind: 'hour' }, { kind: 'weekday' }], fields);
    const read = (iso: string, zone: string): number[] => {
      const out = new Float64Array(2);
      state.read({ time: Date.parse(iso), entities: [0, 0], numbers: [0], zone }, out);
      return [...out];
    };
    expect(read('2026-10-25T00:59:00Z', 'Europe/Berlin')).toEqual([2, 0]);
    expect(read('2026-10-25T01:01:00Z', 'Europe/Berlin')).toEqual([2, 0]);
    expect(read('2026-10-24T22:01:00Z', 'America/St_Johns')).toEqual([19, 6]);
    expect(read('2026-10-24T18:31:00Z', 'Asia/Kolkata')).toEqual([0, 0]);
    expect(read('2026-10-24T23:59:59Z', 'UTC')).toEqual([23, 6]);
  });

  test.each<[FeatureDefinition[], string]>([
    [[], 'there are none'],
    [[{ kind: 'count', of: 'shown', by: ['board'] }], 'there is no entity "board"; there are user, pin'],
    [[{ kind: 'rate', of: 'shown', by: [], prior: 1 }], 'there is no label "shown"'],
    [[{ kind: 'rate', of: 'click', by: ['user'], prior: 0 }], 'prior is not a positive number'],
    [[{ kind: 'count', of: 'click', by: ['user'], halfLifeHours: -1 }], 'halfLifeHours'],
    [[{ kind: 'number', field: 'age' }], 'there is no number "age"'],
    [[{ kind: 'entity', by: [] }], 'names no entity'],
    [[{ kind: 'entity', by: ['user', 'pin', 'user'] }], 'more than 2'],
  ])('refuses %j', (bad, fault) => {
    expect(() => new FeatureState(bad, fields)).toThrow(fault);
  });
});
