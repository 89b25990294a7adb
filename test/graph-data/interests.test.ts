import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../graph-data/database/index.ts';
import {
  type DataFolder,
  InterestTree,
  activateSnapshot,
  backUp,
  buildSnapshot,
  dropSnapshots,
  editsFile,
  estimateBuild,
  openDataFolder,
  readEdits,
  readTree,
  restore,
  treeFile,
  writeEdits,
} from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder, temporaryFolder } from '../data-folders.ts';
import { importTopics, topicSaves } from '../topics.ts';

async function built(folder: DataFolder): Promise<string> {
  const { version } = await buildSnapshot(folder, () => 0);
  activateSnapshot(folder, version, { force: true });
  return version;
}

async function builtTopics(): Promise<{ folder: DataFolder; version: string }> {
  const folder = temporaryDataFolder();
  await importTopics(folder);
  return { folder, version: await built(folder) };
}

/** Small communities within a topic come and go; the topics stay. */
const rootsOf = (folder: DataFolder, version: string) =>
  readTree(folder, version)!.filter(({ parent }) => parent === null);
const ids = (folder: DataFolder, version: string): Map<string, string> =>
  new Map(rootsOf(folder, version).map(({ name, id }) => [name, id]));

describe('the interest tree of a build', () => {
  test('names interests by titles that people give boards, and the words that set them apart', async () => {
    const { folder, version } = await builtTopics();
    const tree = rootsOf(folder, version);
    expect(tree.map(({ name }) => name).toSorted()).toEqual(['my bikes', 'my bread', 'my rock']);
    const bread = tree.find(({ name }) => name === 'my bread')!;
    expect(bread).toMatchObject({ pins: 20, boards: 12, words: ['bread'] });
    expect(bread.topPins).toHaveLength(20);
    const counts = { users: 36, boards: 36, pins: 60, saves: topicSaves().length };
    const { interestBytes } = estimateBuild(counts);
    expect(interestBytes).toBeGreaterThanOrEqual(statSync(treeFile(folder, version)).size);
    expect(estimateBuild(counts, { analysis: false }).interestBytes).toBe(0);
  });

  test('names interests by tags of their pins, where no title of a board does', async () => {
    const folder = temporaryDataFolder();
    await importTopics(folder);
    const database = openDatabase(folder);
    database.exec(`
      UPDATE boards SET title = NULL;
      UPDATE pins SET attributes = json_object('genres', json_array('Sci-Fi')) WHERE key LIKE 'rock-%'`);
    database.close();
    const tree = rootsOf(folder, await built(folder));
    const rock = tree.find(({ words }) => words.includes('rock'))!;
    expect(rock.words).toContain('sci-fi');
    expect(tree.filter(({ words }) => words.includes('sci-fi'))).toEqual([rock]);
  });

  test('shows no word that only the boards of two people have', async () => {
    const folder = temporaryDataFolder();
    await importTopics(folder);
    const database = openDatabase(folder);
    const secret = `UPDATE boards SET title = 'Zacharias' WHERE key IN (${[0, 1, 2].map((i) => `'rock-board-${i}'`).join()})`;
    database.exec(secret.replace(`,'rock-board-2'`, ''));
    const two = readTree(folder, await built(folder))!;
    expect(two.flatMap(({ words }) => words)).not.toContain('zacharias');
    database.exec(secret);
    database.exec(`DELETE FROM boards WHERE key = 'none'`);
    database.close();
    dropSnapshots(folder, [await built(folder)]);
    const three = readTree(folder, await built(folder))!;
    expect(three.flatMap(({ words }) => words)).toContain('zacharias');
  });

  test('interests keep their ids when the graph grows, and a new topic gets one of its own', async () => {
    const { folder, version } = await builtTopics();
    const before = ids(folder, version);
    await importSaves(folder, [
      ...topicSaves(['gardens']),
      ...Array.from({ length: 30 }, (_, i) => `new-${i} board-${i} bread-${i % 25}`),
    ]);
    const after = await built(folder);
    expect(after).not.toBe(version);
    const now = ids(folder, after);
    expect(now.size).toBe(4);
    for (const [name, id] of before) expect(now.get(name)).toBe(id);
  });

  test('the same rows give the same ids, also without an earlier tree', async () => {
    const [first, second] = [await builtTopics(), await builtTopics()];
    expect(ids(first.folder, first.version)).toEqual(ids(second.folder, second.version));
  });

  test('a graph without analysis, or of small communities only, has no tree', async () => {
    const folder = temporaryDataFolder();
    await importTopics(folder);
    const { version } = await buildSnapshot(folder, () => 0, { analysis: false });
    expect(readTree(folder, version)).toBeUndefined();
    const small = temporaryDataFolder();
    await importSaves(small, ['ann pasta basil', 'bob pasta2 tomato']);
    expect(existsSync(treeFile(small, await built(small)))).toBe(false);
  });

  test('a damaged tree is refused with its remedy, goes with its snapshot, and a build makes it again', async () => {
    const { folder, version } = await builtTopics();
    const file = treeFile(folder, version);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"pins":20', '"pins":21'));
    expect(() => readTree(folder, version)).toThrow(/is damaged: its checksum is wrong; delete it/);
    await built(folder);
    expect(readFileSync(file, 'utf8')).toBe(text);
    dropSnapshots(folder, [version]);
    expect(existsSync(file)).toBe(false);
  });

  test('a backup holds the tree and the edits', async () => {
    const { folder, version } = await builtTopics();
    writeEdits(folder, new Map([[ids(folder, version).get('my rock')!, { name: 'Rock' }]]));
    const file = `${temporaryFolder()}/backup.tar`;
    await backUp(folder, file, { pinwalk: '1', createdAt: new Date(0) });
    const target = openDataFolder(`${temporaryFolder()}/restored`);
    await restore(target.root, file, { force: true });
    expect(readTree(target, version)).toEqual(readTree(folder, version));
    expect(readEdits(target)).toEqual(readEdits(folder));
  });
});

describe('edits of interests', () => {
  const node = (id: string, parent: string | null, pins: number) => {
    return { id, parent, name: id, words: [], level: 0, community: pins, pins, boards: pins, saves: pins, topPins: [pins] }; // prettier-ignore
  };
  const tree = [node('rootaaaa', null, 100), node('childaaa', 'rootaaaa', 30), node('rootbbbb', null, 50)];
  const edited = (
    edits: Parameters<typeof writeEdits>[1] extends ReadonlyMap<string, infer Edit>
      ? Record<string, Edit>
      : never,
  ) => new InterestTree(tree, new Map(Object.entries(edits)));
  const shown = ({ interests }: InterestTree) => interests.map(({ id, parent, pins }) => [id, parent, pins]);

  test('a merged interest gives its pins and its children to the other', () => {
    const merged = edited({ rootaaaa: { mergedInto: 'rootbbbb' } });
    expect(shown(merged)).toEqual([
      ['rootbbbb', null, 150],
      ['childaaa', 'rootbbbb', 30],
    ]);
    expect(merged.interests[0]!.topPins).toEqual([50, 100]);
    expect(merged.placeOf('rootaaaa')).toBe(0);
    expect(merged.placed.map(({ interest }) => interest)).toEqual([0, 1, 0]);
    expect(shown(edited({ childaaa: { mergedInto: 'rootbbbb' } }))).toEqual([
      ['rootbbbb', null, 80],
      ['rootaaaa', null, 70],
    ]);
  });

  test('an interest merged into the one above leaves its size as it is', () => {
    expect(shown(edited({ childaaa: { mergedInto: 'rootaaaa' } }))).toEqual([
      ['rootaaaa', null, 100],
      ['rootbbbb', null, 50],
    ]);
  });

  test('manual merges in a circle, into nothing or into a descendant still leave a tree', () => {
    const circle = edited({ rootaaaa: { mergedInto: 'rootbbbb' }, rootbbbb: { mergedInto: 'rootaaaa' } });
    expect(circle.interests).toHaveLength(3);
    expect(edited({ rootaaaa: { mergedInto: 'nothing2' } }).interests).toHaveLength(3);
    expect(shown(edited({ rootaaaa: { mergedInto: 'childaaa' } }))).toEqual([
      ['childaaa', null, 100],
      ['rootbbbb', null, 50],
    ]);
  });

  test('descendants of a hidden interest are hidden', () => {
    const { interests } = edited({ rootaaaa: { hidden: true } });
    expect(interests.map(({ isHidden }) => isHidden)).toEqual([true, true, false]);
  });

  test('a file with another edit is refused, with the interest and the remedy', () => {
    const folder = temporaryDataFolder();
    writeEdits(folder, new Map([['rootaaaa', { name: 'A' }]]));
    writeFileSync(editsFile(folder), readFileSync(editsFile(folder), 'utf8').replace('"name"', '"nmae"'));
    expect(() => readEdits(folder)).toThrow(
      /interest "rootaaaa": .*nmae.*; fix it, or remove it from the file/,
    );
  });
});
