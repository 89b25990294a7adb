import { readFileSync, readdirSync } from 'node:fs';

/** Threads of a server by their work, which their priorities tell. */
export const threadKinds = ['main', 'walking', 'interactions', 'others'] as const;
export type ThreadSeconds = Readonly<Record<(typeof threadKinds)[number], number>>;

/** Linux counts in hundredths of a second. */
const ticksPerSecond = 100;

/** Processor seconds of the threads of a process since its start; all NaN where there is no /proc. */
export function threadSeconds(pid: number): ThreadSeconds {
  const seconds = { main: 0, walking: 0, interactions: 0, others: 0 };
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
      // After the name, which may contain spaces: fields 3 and following.
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      const [user, system, nice] = [fields[11]!, fields[12]!, fields[16]!];
      const isMain = Number(thread) === pid;
      const kind = isMain ? 'main' : nice === 10 ? 'walking' : nice === 15 ? 'interactions' : 'others';
      seconds[kind] += (user + system) / ticksPerSecond;
    }
    return seconds;
  } catch {
    return { main: NaN, walking: NaN, interactions: NaN, others: NaN };
  }
}

export function ownSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
