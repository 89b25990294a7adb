import { type DataFolder, importFiles } from '../../graph-data/index.ts';
import { writeInput } from '../data-folders.ts';

/** A title that would run code if it were taken for HTML. */
export const hostileTitle = `<img src=x onerror="document.title='owned'"> & "quotes"`;
const hostileKey = `"><script>document.title='owned'</script>`;
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const pins = ['basil', 'tomato', 'olive', 'garlic', 'onion', 'leek', 'thyme', 'egg', 'flour', hostileKey];

/** A graph of pins with titles, genres, images and hostile texts. */
export async function importRecipes(folder: DataFolder): Promise<void> {
  // Board b holds every pin whose number shares a bit with its own: all are related, no two alike.
  const saves = Array.from({ length: 12 }, (_, b) =>
    pins
      .filter((_pin, p) => ((p + 1) & (b + 1)) !== 0)
      .map((pin) => ({ user: `cook-${b % 4}`, board: `menu-${b}`, pin })),
  ).flat();
  // More than one page of cards, unrelated to the pins above.
  const pantry = Array.from({ length: 30 }, (_, i) => ({ user: 'shop', board: 'pantry', pin: `jar-${i}` }));
  const attributes = [
    { pin: 'basil', title: 'Basil', genres: ['herb', 'green'], imageUrl: pixel },
    { pin: 'thyme', title: 'Thyme', genres: ['herb'] },
    { pin: 'tomato', title: 'Tomato', url: 'https://tomato.example/page', text: 'Red, and a fruit.' },
    { pin: 'olive', title: 'Olive', imageUrl: 'https://images.example/olive.png' },
    { pin: 'garlic', title: hostileTitle, url: 'javascript:document.title="owned"' },
  ];
  const lines = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join('\n');
  await importFiles(folder, [
    writeInput(folder, 'saves.jsonl', lines([...saves, ...pantry])),
    writeInput(folder, 'pins.jsonl', lines(attributes)),
  ]);
}
