import { nextBelow, nextUnit, randomStream } from '../../../../engine/index.ts';
import { type LoadRequest, openLoop } from '../open-loop.ts';
import { ownSeconds } from './processor-time.ts';
import { type FloodOptions, type FloodResult, rowsOfList } from './flood.ts';

/** Sends a flood of interactions from a process of its own: making them must not delay the clients that are measured. */
const { port, rowsPerSecond, rowsPerRequest, seconds, isStream, seed } = JSON.parse(
  process.argv[2]!,
) as FloodOptions;
const random = randomStream(seed);
let lists = 0;

/** A list that was shown to a person, the last item of which every other time is one that they clicked instead. */
function nextList(): string[] {
  const recommendationId = `flood-${seed}-${String(++lists).padStart(12, '0')}`;
  const user = `user ${nextBelow(random, 100_000)}`;
  const at = Date.now();
  const isClicked = nextUnit(random) < 0.5;
  return Array.from({ length: rowsOfList }, (_, i) => {
    const common = { user, pin: `pin ${nextBelow(random, 100_000)}`, at, recommendationId, surface: 'feed' };
    return JSON.stringify(
      isClicked && i === rowsOfList - 1
        ? { kind: 'click', ...common, id: `click-${recommendationId}` }
        : { kind: 'impression', ...common, pipeline: 'pixie', rank: i + 1 },
    );
  });
}

/** Lists for the next requests. Made at once, those of a request would hold a core for milliseconds, which delays the reads. */
const ready: string[][] = [];
const listsPerRequest = rowsPerRequest / rowsOfList;
const making = setInterval(() => {
  const perTurn = 1 + Math.ceil(rowsPerSecond / rowsOfList / 1_000);
  for (let i = 0; i < perTurn && ready.length < 2 * listsPerRequest; i++) ready.push(nextList());
}, 1);

function next(): LoadRequest {
  const own = ready.splice(0, listsPerRequest);
  while (own.length < listsPerRequest) own.push(nextList());
  const rows = own.flat();
  const form = isStream
    ? { body: rows.join('\n'), type: 'application/x-ndjson' }
    : { body: `[${rows.join(',')}]` };
  return { path: '/v1/interactions', method: 'POST', ...form };
}

const { statuses, failed, answered } = await openLoop({
  port,
  rate: rowsPerSecond / rowsPerRequest,
  seconds,
  connections: 8,
  inTimeMs: 1_000,
  next,
  now: () => performance.now(),
});
clearInterval(making);
const rows = (statuses[202] ?? 0) * rowsPerRequest;
const result: FloodResult = { rows, seconds: ownSeconds(), statuses, failed, answered };
process.stdout.write(JSON.stringify(result));
