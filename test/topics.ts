import { openDatabase } from '../graph-data/database/index.ts';
import type { DataFolder } from '../graph-data/index.ts';
import { importSaves } from './data-folders.ts';

export const topics = ['bread', 'rock', 'bikes'] as const;
const pinsOfTopic = 20;
const usersOfTopic = 12;
const boardPins = 8;

/** The saves of three topics that hardly touch, as "user board pin": each person has a board of one topic. */
export function topicSaves(names: readonly string[] = topics): string[] {
  return names.flatMap((topic) =>
    Array.from({ length: usersOfTopic }, (_, user) =>
      Array.from({ length: boardPins }, (__, i) => {
        const pin = (user * 3 + i * (1 + (user % 3))) % pinsOfTopic;
        return `${topic}-fan-${user} ${topic}-board-${user} ${topic}-${pin}`;
      }),
    ).flat(),
  );
}

/** Imports {@link topicSaves}, with titles of pins and boards. */
export async function importTopics(
  folder: DataFolder,
  saves: readonly string[] = topicSaves(),
): Promise<void> {
  await importSaves(folder, saves);
  const database = openDatabase(folder);
  try {
    database.exec(`
      UPDATE pins SET title = substr(key, 1, instr(key, '-') - 1) || ' of the day, number ' || key;
      UPDATE boards SET title = 'My ' || substr(key, 1, instr(key, '-') - 1);`);
  } finally {
    database.close();
  }
}
