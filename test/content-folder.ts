import { type Change, type DataFolder, SaveWriter } from '../graph-data/index.ts';
import { importSaves } from './data-folders.ts';

const titles: Readonly<Record<string, string>> = {
  alien: 'Alien, a space horror film',
  aliens: 'Aliens, a space action film',
  solaris: 'Solaris, a slow space film',
  pesto: 'Pesto with fresh basil',
  pasta: 'Pasta with fresh tomato sauce',
  soup: 'Soup of fresh tomato',
};

/** Films and recipes that people saved, and of each kind one that nobody did: `gravity` and `salad`. */
export async function fillWithTexts(folder: DataFolder): Promise<void> {
  const boards = { films: ['alien', 'aliens', 'solaris'], food: ['pesto', 'pasta', 'soup'] };
  const saves = ['ann', 'bob', 'cem', 'dee'].flatMap((user) =>
    Object.entries(boards).flatMap(([board, pins]) => pins.map((pin) => `${user} ${user}-${board} ${pin}`)),
  );
  await importSaves(folder, saves);
  write(folder, [
    ...Object.entries(titles).map(([key, title]) => putPin(key, { title })),
    putPin('gravity', { title: 'Gravity', text: 'Lost in space: a horror film' }),
    putPin('salad', { title: 'Salad', attributes: { tags: ['fresh tomato', 'basil'] } }),
    putPin('mute', {}),
  ]);
}

export function putPin(key: string, fields: object): Change {
  return { kind: 'put', nodeKind: 'pins', key, ...fields };
}

export function write(folder: DataFolder, changes: readonly Change[]): void {
  const writer = SaveWriter.open(folder, { busyMs: 1_000 });
  writer.apply([{ changes, time: 0 }]);
  writer.close();
}
