import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { nextBelow, randomStream } from '../../engine/index.ts';
import { type DataFolder, Store, importPictures } from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';

const side = 240;

/** A picture of some shapes on a background, all drawn from the seed. */
function picture(seed: number): Sharp {
  const stream = randomStream(seed);
  const color = (): string =>
    `hsl(${nextBelow(stream, 360)} ${20 + nextBelow(stream, 80)}% ${10 + nextBelow(stream, 80)}%)`;
  const shapes = Array.from({ length: 4 + nextBelow(stream, 8) }, () => {
    const [x, y, size] = [nextBelow(stream, side), nextBelow(stream, side), 15 + nextBelow(stream, 90)];
    return nextBelow(stream, 2) === 0
      ? `<circle cx="${x}" cy="${y}" r="${size}" fill="${color()}"/>`
      : `<rect x="${x - size}" y="${y - size}" width="${2 * size}" height="${size}" fill="${color()}"/>`;
  });
  const background = `<rect width="${side}" height="${side}" fill="${color()}"/>`;
  return sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${background}${shapes.join('')}</svg>`)); // prettier-ignore
}

/** What shops and people do to a picture without making it another one. */
const edits: readonly ((of: Sharp) => Sharp)[] = [
  (of) => of.resize(90).jpeg({ quality: 60 }),
  (of) => of.resize(480, 470, { fit: 'fill' }).webp({ quality: 70 }),
  (of) => of.modulate({ brightness: 1.15, saturation: 0.8 }).png(),
  (of) => of.greyscale().jpeg({ quality: 40 }),
  (of) => of.extract({ left: 3, top: 3, width: side - 6, height: side - 6 }).png(),
];

interface Group {
  readonly key: string;
  readonly picture: unknown;
}

function attributesOf(folder: DataFolder, key: string): Readonly<Record<string, unknown>> {
  const store = Store.open(folder);
  const { attributes } = store.nodeAt('pins', store.indexOf('pins', key)!)!;
  store.close();
  return attributes;
}

function groupsOf(folder: DataFolder, keys: readonly string[]): Group[] {
  const store = Store.open(folder);
  const groups = keys.map((key) => {
    return { key, picture: store.nodeAt('pins', store.indexOf('pins', key)!)!.attributes['picture'] };
  });
  store.close();
  return groups;
}

async function withPictures(
  files: ReadonlyMap<string, Buffer | string>,
): Promise<{ folder: DataFolder; directory: string }> {
  const folder = temporaryDataFolder();
  const directory = path.join(folder.root, '..', 'pictures');
  mkdirSync(directory);
  for (const [name, content] of files) writeFileSync(path.join(directory, name), content);
  const keys = [...files.keys()].map((name) => decodeURIComponent(path.parse(name).name));
  await importSaves(
    folder,
    keys.map((key) => `u b ${key}`),
  );
  return { folder, directory };
}

test('edits of a picture are one group, and other pictures are not: precision 0.99 or more', async () => {
  const files = new Map<string, Buffer>();
  const originals = 80;
  for (let seed = 0; seed < originals; seed++) {
    const original = await picture(seed).png().toBuffer();
    files.set(`p${seed}.png`, original);
    for (const [e, edit] of edits.entries()) {
      const name = `p${seed}-${e}.jpg`;
      files.set(name, await edit(sharp(original)).toBuffer());
    }
  }
  const { folder, directory } = await withPictures(files);
  const report = await importPictures(folder, [directory]);
  expect(report).toMatchObject({ read: files.size, rejected: 0 });
  const originalOf = (key: string): string => key.replace(/-\d$/, '');
  const keys = [...files.keys()].map((name) => path.parse(name).name);
  const groups = groupsOf(folder, keys);
  const folded = groups.filter((each) => each.picture !== undefined && each.picture !== each.key);
  const right = folded.filter((each) => originalOf(String(each.picture)) === originalOf(each.key));
  expect(right.length / folded.length).toBeGreaterThanOrEqual(0.99);
  // Of five edits each, most are found.
  expect(right.length / (originals * edits.length)).toBeGreaterThan(0.9);
});

test('pictures that come later join the groups there are; other attributes stay, and files without a pin or a picture are named', async () => {
  const original = await picture(1).png().toBuffer();
  const { folder, directory } = await withPictures(
    new Map<string, Buffer | string>([
      ['red%2Fmug.png', original],
      ['even.png', await sharp({ create: { width: 9, height: 9, channels: 3, background: '#888' } }).png().toBuffer()], // prettier-ignore
      ['text.jpg', 'no picture'],
      ['late.png', await picture(2).png().toBuffer()],
    ]),
  );
  writeFileSync(path.join(directory, 'nobody.png'), original);
  const report = await importPictures(folder, [directory]);
  expect(report).toMatchObject({ read: 5, rejected: 3, alike: 0, groups: 0 });
  const reasons = new Map(report.firstRejects.map(({ file, reason }) => [path.basename(file), reason]));
  expect(reasons.get('even.png')).toBe('it is nearly of one color');
  expect(reasons.get('nobody.png')).toBe('there is no pin "nobody"');
  expect(reasons.get('text.jpg')).toMatch(/^it is no picture that can be read: /);
  const later = path.join(folder.root, '..', 'later');
  mkdirSync(later);
  writeFileSync(path.join(later, 'late.jpg'), await edits[0]!(sharp(original)).toBuffer());
  expect(await importPictures(folder, [later])).toMatchObject({ read: 1, rejected: 0, alike: 2, groups: 1 });
  const group = [
    { key: 'red/mug', picture: 'red/mug' },
    { key: 'late', picture: 'red/mug' },
  ];
  expect(groupsOf(folder, ['red/mug', 'late', 'even'])).toEqual([
    ...group,
    { key: 'even', picture: undefined },
  ]);
  // The same again changes nothing; another picture leaves the group.
  await importPictures(folder, [later]);
  expect(groupsOf(folder, ['red/mug', 'late'])).toEqual(group);
  writeFileSync(path.join(later, 'late.jpg'), await picture(3).jpeg().toBuffer());
  await importPictures(folder, [later]);
  expect(groupsOf(folder, ['red/mug', 'late']).map((each) => each.picture)).toEqual([undefined, undefined]);
});

test('names the colors of pictures, also of gray ones and of those with 16 bits a channel', async () => {
  const halves = (left: string, right: string): Sharp =>
    sharp(
      Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><rect width="60" height="60" fill="${left}"/>` +
          `<rect x="60" width="30" height="60" fill="${right}"/></svg>`,
      ),
    );
  const { folder, directory } = await withPictures(
    new Map([
      ['mug.jpg', await halves('#1e46c8', '#fff').jpeg().toBuffer()],
      ['gray.png', await halves('#888', '#000').greyscale().png().toBuffer()],
      ['deep.png', await halves('#1e8c3c', '#c8141e').toColourspace('rgb16').png().toBuffer()],
    ]),
  );
  await importPictures(folder, [directory]);
  const colors = (): unknown[] =>
    ['mug', 'gray', 'deep'].map((key) => attributesOf(folder, key)['pictureColors']);
  const named = [
    ['blue', 'white'],
    ['gray', 'black'],
    ['green', 'red'],
  ];
  expect(colors()).toEqual(named);
  // What is stored stays when other pictures come.
  const later = path.join(folder.root, '..', 'none');
  mkdirSync(later);
  await importPictures(folder, [later]);
  expect(colors()).toEqual(named);
});

test('a folder that cannot be read is a fault with its remedy', async () => {
  const folder = temporaryDataFolder();
  await importSaves(folder, ['u b p']);
  await expect(importPictures(folder, [path.join(folder.root, 'missing')])).rejects.toMatchObject({
    code: 'pictures-unreadable',
    message: expect.stringContaining('Give a folder of pictures') as string,
  });
});
