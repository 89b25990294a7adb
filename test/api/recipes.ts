import { type DataFolder, importFiles } from '../../graph-data/index.ts';
import { importSaves, writeInput } from '../data-folders.ts';
import type { Answer } from './server.ts';

/**
 * Nine pins; sugar and egg are apart from the others. Tomato is on 3 boards; basil, garlic, olive and onion are on 2
 * each. `twin` is a pin, a board and a user.
 */
const saves = [
  'ann pasta basil',
  'ann pasta tomato',
  'ann pasta garlic',
  'ann soup tomato',
  'ann soup onion',
  'ben salad tomato',
  'ben salad basil',
  'ben salad olive',
  'ben cake sugar',
  'ben cake egg',
  'cem dinner garlic',
  'cem dinner olive',
  'cem dinner onion',
  'twin twin twin',
  'twin twin dough',
];
export const allPins = ['basil', 'dough', 'egg', 'garlic', 'olive', 'onion', 'sugar', 'tomato', 'twin'];

export async function fillWithRecipes(folder: DataFolder): Promise<void> {
  await importSaves(folder, saves);
  await importFiles(folder, [
    writeInput(
      folder,
      'boards.jsonl',
      '{"board":"salad","owner":"ben","title":"Salad","course":"starter"}\n',
    ),
    writeInput(folder, 'users.csv', 'user,country\ndan,de\ncem,tr\n'),
    writeInput(folder, 'pins.csv', 'pin,title,season\nolive,Olive,autumn\nonion,,all\n'),
  ]);
}
export function keysOf({ body }: { body: Answer['body'] }): string[] {
  return body.items.map(({ pin, board, user }: Record<string, string>) => pin ?? board ?? user);
}
