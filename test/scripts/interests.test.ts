import { expect, test } from 'vitest';
import { activateSnapshot, buildSnapshot } from '../../graph-data/index.ts';
import { temporaryDataFolder } from '../data-folders.ts';
import { importTopics } from '../topics.ts';
import { pinwalk } from './command.ts';

test('interests lists the tree, and renames, hides, merges and resets an interest', async () => {
  const folder = temporaryDataFolder();
  await importTopics(folder);
  activateSnapshot(folder, (await buildSnapshot(folder, () => 0)).version);
  const command = (...args: string[]) => pinwalk('interests', ...args, '--data', folder.root);
  const listed = JSON.parse((await command('list', '--depth', '1', '--json')).stdout) as {
    id: string;
    name: string;
  }[];
  expect(listed.map(({ name }) => name).toSorted()).toEqual(['my bikes', 'my bread', 'my rock']);
  const [bikes, bread] = ['my bikes', 'my bread'].map((each) => listed.find(({ name }) => name === each)!.id);
  expect((await command('rename', bread!, 'Baking')).stdout).toBe(`${bread} is "Baking".\n`);
  expect((await command('hide', bread!)).stdout).toBe(`${bread} is "Baking", hidden.\n`);
  const table = (await command('list')).stdout;
  expect(table).toMatch(/^interest {2,}name {2,}pins/);
  expect(table).not.toContain('Baking');
  expect((await command('list', '--hidden')).stdout).toContain('Baking (hidden)');
  expect((await command('show', bread!)).stdout).toBe(`${bread} is "Baking".\n`);
  expect((await command('merge', bread!, '--into', bikes!)).stdout).toContain(
    `${bread} is part of ${bikes}, "my bikes"`,
  );
  expect((await command('reset', bread!)).stdout).toBe(`${bread} is "my bread".\n`);
  const unknown = await command('hide', 'aaaaaaaa');
  expect(unknown).toMatchObject({ code: 1, stderr: 'pinwalk: the graph has no interest aaaaaaaa\n' });
  expect((await command('rename', bread!, ' ')).code).toBe(2);
});
