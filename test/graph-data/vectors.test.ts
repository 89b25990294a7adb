import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { contentBuildParams, nearOf, resolveParams } from '../../engine/index.ts';
import {
  type DataFolder,
  LiveContent,
  Store,
  buildSnapshot,
  importVectors,
  loadSnapshot,
  pinVectorReader,
  readVectors,
} from '../../graph-data/index.ts';
import { reserveFor } from '../../api/runtime/serving/graph-follower.ts';
import { putPin, write } from '../content-folder.ts';
import { importSaves, temporaryDataFolder, writeInput } from '../data-folders.ts';
import { reading } from './writers.ts';

const given = { name: 'image', model: 'clip-1' };
const vectors: Readonly<Record<string, number[]>> = {
  cherry: [9, 1, 0],
  rose: [8, 0, 1],
  sky: [0, 1, 9],
  sea: [1, 0, 9],
};

async function filled(): Promise<DataFolder> {
  const folder = temporaryDataFolder();
  await importSaves(folder, ['ann red cherry', 'ann red rose', 'bob blue sky', 'bob blue sea']);
  return folder;
}

/** Stored vectors by key. */
function stored(folder: DataFolder): Record<string, number[]> {
  return reading(folder, (database) => {
    const store = new Store(database);
    const vectorsOf = pinVectorReader(database);
    return Object.fromEntries(
      Array.from({ length: 6 }, (_, pin) => pin).flatMap((pin) => {
        const vector = vectorsOf(pin).get('image');
        return vector === undefined ? [] : [[store.keyAt('pins', pin)!, [...vector]]];
      }),
    );
  });
}

const asInt8 = { cherry: [127, 14, 0], rose: [127, 0, 16], sky: [0, 14, 127], sea: [14, 0, 127] };

/** A matrix as NumPy saves it. */
function npy(rows: readonly (readonly number[])[], order = 'False', type = '<f4'): Buffer {
  const header = `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${rows.length}, ${rows[0]!.length}), }\n`;
  const start = Buffer.from('\u0093NUMPY\u0001\0\0\0', 'latin1');
  start.writeUInt16LE(header.length, 8);
  return Buffer.concat([start, Buffer.from(header), Buffer.from(Float32Array.from(rows.flat()).buffer)]);
}

describe('an import of vectors', () => {
  test('reads JSON lines, tables and .npy beside keys alike, as int8, and deletes them with their pins', async () => {
    const lines = Object.entries(vectors).map(([pin, vector]) => JSON.stringify({ pin, vector }));
    const table = [
      'pin,embedding',
      ...Object.entries(vectors).map(([pin, vector]) => `${pin},"${JSON.stringify(vector)}"`),
    ];
    const keys = Object.keys(vectors).join('\n');
    for (const [name, content] of [
      ['a.jsonl', lines.join('\n')],
      ['a.csv', table.join('\n')],
      ['a.npy', npy(Object.values(vectors))],
    ] as const) {
      const folder = await filled();
      const file = writeInput(folder, name, content);
      const options = name === 'a.npy' ? { ...given, keys: writeInput(folder, 'keys.txt', keys) } : given;
      expect(await importVectors(folder, [file], options), name).toMatchObject({
        read: 4,
        stored: 4,
        rejected: 0,
      });
      expect(stored(folder), name).toEqual(asInt8);
      write(folder, [{ kind: 'removePin', key: 'rose' }]);
      expect(Object.keys(stored(folder))).not.toContain('rose');
    }
  });

  test('rejects and names unknown pins and vectors that cannot be stored; the others are stored', async () => {
    const folder = await filled();
    const rows = [
      { pin: 'cherry', vector: [1, 0] },
      { pin: 'nobody', vector: [1, 0] },
      { pin: 'rose', vector: [0, 0] },
      { pin: 'rose', vector: [1, 2, 3] },
      { pin: 'sky', vector: [1, null] },
      { pin: 'sea', vector: 'x' },
    ];
    const lines = [...rows.map((row) => JSON.stringify(row)), '{"pin":"sky","vector":[NaN,1]}'];
    const file = writeInput(folder, 'a.jsonl', lines.join('\n'));
    const { stored: count, firstRejects } = await importVectors(folder, [file], given);
    expect(count).toBe(1);
    expect(firstRejects).toEqual([
      { row: 2, reason: 'there is no pin "nobody"' },
      { row: 3, reason: 'its vector has length 0' },
      { row: 4, reason: 'vectors "image" have 2 dimensions, not 3' },
      { row: 5, reason: 'its vector is no list of numbers' },
      { row: 6, reason: 'its vector is no list of numbers' },
      { row: 7, reason: expect.stringContaining('JSON') as string },
    ]);
    await expect(importVectors(folder, [file], { ...given, model: 'other' })).rejects.toThrow('are of model "clip-1", not "other"'); // prettier-ignore
    expect(stored(folder)).toEqual({ cherry: [127, 0] });
    const one = writeInput(folder, 'b.jsonl', JSON.stringify({ pin: 'sky', vector: [0, 0, 2] }));
    await importVectors(folder, [one], { ...given, model: 'other', replace: true });
    expect(stored(folder)).toEqual({ sky: [0, 0, 127] });
  });

  test('refuses files that it cannot read, and keeps nothing of them', async () => {
    const folder = await filled();
    const keys = writeInput(folder, 'keys.txt', 'cherry\nrose');
    const file = (name: string, content: string | Uint8Array): string => writeInput(folder, name, content);
    const two = Object.values(vectors).slice(0, 2);
    const refused = async (name: string, options: object = { keys }): Promise<unknown> =>
      importVectors(folder, [name], { ...given, ...options }).then(() => 'stored', (error: Error) => error.message); // prettier-ignore
    expect(await refused(file('a.npy', npy(two)), {})).toContain('has no keys');
    expect(await refused(file('b.npy', npy(two, 'True')))).toContain('Fortran order');
    expect(await refused(file('c.npy', npy(two, 'False', '<i8')))).toContain('its numbers are <i8');
    expect(await refused(file('d.npy', npy(two).subarray(0, -4)))).toContain('ends before row 2');
    expect(await refused(file('e.npy', 'text'))).toContain('does not begin');
    expect(await refused(file('f.npy', npy([...two, [1, 1, 1]])))).toContain('fewer than');
    expect(await refused(file('g.csv', 'pin,colour\ncherry,red'))).toContain('is a vector');
    expect(await refused(path.join(folder.root, 'none.jsonl'))).toContain('no such file');
    expect(await refused(file('h.npy', npy(two)), { name: 'No', keys })).toContain('no name of vectors');
    expect(stored(folder)).toEqual({});
  });
});

test('links of a live graph follow vectors that come, change and go', async () => {
  const folder = await filled();
  write(folder, Object.entries(vectors).map(([pin, values]) => putPin(pin, { vectors: { image: { model: 'm', values } } }))); // prettier-ignore
  const content = resolveParams(contentBuildParams, { neighborsMax: 2 });
  const { version } = await buildSnapshot(folder, () => 0, { content });
  const snapshot = loadSnapshot(folder, version, { reserve: reserveFor });
  expect(snapshot.header.options.content!.vectors).toEqual(['image']);
  reading(folder, (database) => {
    const store = new Store(database);
    const live = new LiveContent(snapshot.graph, snapshot.content!, content, readVectors(database));
    const near = (pin: number): string[] => Array.from(nearOf(snapshot.content!, pin).pins, (each) => store.keyAt('pins', each)!); // prettier-ignore
    const set = (...values: number[]) => live.update(4, undefined, new Map(values.length === 0 ? [] : [['image', Int8Array.from(values)]])); // prettier-ignore
    expect(near(store.indexOf('pins', 'cherry')!)[0]).toBe('rose');
    set(0, 0, 127);
    expect(near(4)).toEqual(['sky', 'sea']);
    set(127, 0, 0);
    expect(near(4)).toEqual(['cherry', 'rose']);
    set();
    expect(near(4)).toEqual([]);
  });
});
