import { expect, test } from 'vitest';
import { TextSearches } from '../../engine/index.ts';
import {
  type DataFolder,
  type SearchIndex,
  Store,
  buildSearchIndex,
  buildSnapshot,
  importFiles,
  loadSnapshot,
  nameLanguages,
  readQuery,
} from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder, writeInput } from '../data-folders.ts';

async function folderOf(
  pins: readonly { readonly pin: string; readonly [field: string]: unknown }[],
): Promise<DataFolder> {
  const folder = temporaryDataFolder();
  await importSaves(
    folder,
    pins.map(({ pin }, i) => `u b${i % 3} ${pin}`),
  );
  await importFiles(folder, [
    writeInput(folder, 'pins.jsonl', pins.map((row) => JSON.stringify(row)).join('\n')),
  ]);
  return folder;
}

function languagesOf(folder: DataFolder): Record<string, unknown> {
  const store = Store.open(folder);
  const keys = ['de', 'fr', 'ja', 'ru', 'given', 'short', 'none'];
  const named = keys.map((key) => {
    return [key, store.nodeAt('pins', store.indexOf('pins', key)!)!.attributes['language']];
  });
  store.close();
  return Object.fromEntries(named) as Record<string, unknown>;
}

test('pins get the language of their title and text; a given language stays, and short texts get none', async () => {
  const folder = await folderOf([
    { pin: 'de', title: 'Emaillierter Becher für unterwegs', text: 'Leicht, robust und spülmaschinenfest.' },
    { pin: 'fr', title: 'Tasse émaillée bleue pour le camping', tags: ['tasse'] },
    { pin: 'ja', title: 'キャンプ用の青いマグカップ' },
    { pin: 'ru', text: 'Эмалированная кружка для похода, синяя и прочная' },
    { pin: 'given', title: 'Die Tasse ist blau und sehr leicht', language: 'x-shop' },
    { pin: 'short', title: 'Mug' },
    { pin: 'none' },
  ]);
  expect(await nameLanguages(folder)).toEqual({ named: 4, unknown: 1 });
  const named = {
    de: 'de',
    fr: 'fr',
    ja: 'ja',
    ru: 'ru',
    given: 'x-shop',
    short: undefined,
    none: undefined,
  };
  expect(languagesOf(folder)).toEqual(named);
  // The same again changes nothing.
  expect(await nameLanguages(folder)).toEqual({ named: 0, unknown: 1 });
  expect(languagesOf(folder)).toEqual(named);
});

async function find(index: SearchIndex, text: string): Promise<number[]> {
  const { terms } = await readQuery(index, text, async () => {});
  const run = new TextSearches().run(index, terms);
  let step = run.next();
  while (step.done !== true) step = run.next();
  return step.value.map(({ pin }) => pin).toSorted((a, b) => a - b);
}

test('words are stemmed in the language that most pins are in, English where none says', async () => {
  const titles = ['Freundliche Laufschuhe', 'Ein Laufschuh', 'Running shoes', 'Häuser am See'];
  const stemmed = async (languages: readonly (string | undefined)[]): Promise<SearchIndex> => {
    const pins = titles.map((title, i) => ({ pin: String(i), title, language: languages[i] }));
    const folder = await folderOf(pins);
    const { version } = await buildSnapshot(folder, () => 0);
    return (await buildSearchIndex(folder, loadSnapshot(folder, version).graph))!;
  };
  const german = await stemmed(['de', 'de-AT', 'en', 'de']);
  expect(german.language).toBe('de');
  expect(await find(german, 'laufschuhen')).toEqual([0, 1]);
  expect(await find(german, 'freundlicherem')).toEqual([0]);
  const english = await stemmed([]);
  expect(english.language).toBe('en');
  expect(await find(english, 'freundlicherem')).toEqual([]);
  expect(await find(english, 'runs')).toEqual([2]);
  // A language without stems, and nonsense, are searched by whole words.
  expect((await stemmed(['ja', 'ja', 'en', undefined])).language).toBe('ja');
  expect(await find(await stemmed(['tlh', 'tlh', 'tlh', "'; --"]), 'häuser')).toEqual([3]);
});
