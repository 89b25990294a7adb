import { openDataFolder } from '../../../graph-data/base/index.ts';
import { readInteractions } from '../../../graph-data/interactions/index.ts';
import { runForParent } from '../threads/index.ts';

/** Whose interactions to read: every month is searched, which would hold up the main thread. */
export interface PersonTask {
  readonly root: string;
  readonly user: string;
}

const rowsPerPart = 500;

await runForParent<PersonTask, string[]>(({ root, user }) => {
  const parts: string[] = [];
  let part: string[] = [];
  for (const interaction of readInteractions(openDataFolder(root), user)) {
    part.push(JSON.stringify({ ...interaction, at: new Date(interaction.at).toISOString() }));
    if (part.length < rowsPerPart) continue;
    parts.push(part.join(','));
    part = [];
  }
  return part.length === 0 ? parts : [...parts, part.join(',')];
});
