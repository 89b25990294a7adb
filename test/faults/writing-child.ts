import { WriteThread } from '../../api/index.ts';
import { type Change, openDataFolder } from '../../graph-data/index.ts';

/**
 * Writes until it is killed: requests of three saves each, numbered from argv[3] on, sixteen at a time. Prints the number
 * of each acknowledged request.
 */
const folder = openDataFolder(process.argv[2]!);
const thread = new WriteThread(folder, {
  onFault: (fault) => {
    throw new Error(String(fault));
  },
});
let next = Number(process.argv[3]);

async function client(): Promise<never> {
  for (;;) {
    const number = next++;
    const changes = [0, 1, 2].map((i): Change => {
      return { kind: 'save', user: `user${number % 50}`, board: `board${number}`, pin: `pin${number}.${i}` };
    });
    await thread.write({ changes, time: number });
    process.stdout.write(`${number}\n`);
  }
}

await Promise.all(Array.from({ length: 16 }, client));
