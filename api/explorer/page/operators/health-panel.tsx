import type { JSX } from 'preact';
import { useExplorer } from '../context/index.ts';
import { type GraphResponse, RestProblem } from '../rest/index.ts';
import { agoTold, bytesTold } from './format.ts';
import { usePolled } from './use-polled.ts';

const everyMs = 3_000;

/** Whether the server is alive and ready, and what it serves. */
export function HealthPanel({
  facts,
  isRefused,
  nowMs,
}: {
  facts: GraphResponse | undefined;
  /** Whether the key of this tab may not ask about the graph. */
  isRefused: boolean;
  nowMs: number;
}): JSX.Element {
  const { client, version } = useExplorer();
  const { answer } = usePolled(
    async (signal) => {
      const [alive, ready] = await Promise.all([
        problemOf(client.get('/healthz', signal), signal),
        problemOf(client.get('/readyz', signal), signal),
      ]);
      return { alive, ready };
    },
    everyMs,
    [version],
  );
  return (
    <section class="panel" aria-labelledby="health-title">
      <h2 id="health-title">Health</h2>
      <ul class="states" aria-live="polite">
        <State name="Alive" problem={answer?.alive} isKnown={answer !== undefined} />
        <State name="Ready" problem={answer?.ready} isKnown={answer !== undefined} />
      </ul>
      {!isRefused && <Facts facts={facts} nowMs={nowMs} />}
    </section>
  );
}

/** Undefined when all is well. */
async function problemOf(call: Promise<unknown>, signal: AbortSignal): Promise<RestProblem | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (signal.aborted || !(error instanceof RestProblem)) throw error;
    return error;
  }
}

function State({
  name,
  problem,
  isKnown,
}: {
  name: string;
  problem: RestProblem | undefined;
  isKnown: boolean;
}): JSX.Element {
  const state = isKnown ? (problem === undefined ? 'good' : 'bad') : 'unknown';
  return (
    <li class="state">
      <span class={`pill is-${state}`}>{{ good: 'yes', bad: 'no', unknown: '…' }[state]}</span>
      <strong>{name}</strong>
      {problem !== undefined && <span class="quiet small">{problem.message}</span>}
    </li>
  );
}

const unknown = '…';

function Facts({ facts, nowMs }: { facts: GraphResponse | undefined; nowMs: number }): JSX.Element {
  const { counts, degrees, builtAt, communities, reserveLeft = 1 } = facts ?? {};
  const number = (count: number | undefined): string => count?.toLocaleString('en') ?? unknown;
  const rows: readonly (readonly [string, string])[] = [
    ['Graph', facts?.version ?? unknown],
    ['Built', builtAt ? agoTold(builtAt, nowMs) : unknown],
    ['Saves', number(counts?.saves)],
    ['Pins, boards, users', `${number(counts?.pins)}, ${number(counts?.boards)}, ${number(counts?.users)}`],
    ['Boards of a pin', `median ${number(degrees?.pins.p50)}, most ${number(degrees?.pins.max)}`],
    ['Pins of a board', `median ${number(degrees?.boards.p50)}, most ${number(degrees?.boards.max)}`],
    ['Communities', communities === null ? 'not analysed' : number(communities?.at(-1))],
    ['In memory', facts === undefined ? unknown : bytesTold(facts.bytes)],
    ['Live saves since the build', number(facts?.liveSaves)],
    ['Added since the build, all told', number(facts?.addedSinceBuild)],
  ];
  return (
    <>
      <dl class="facts-list">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="number">{value}</dd>
          </div>
        ))}
      </dl>
      {reserveLeft !== null && (
        <div class="reserve">
          <label for="reserve">
            Room left for live saves: <strong class="number">{Math.round(reserveLeft * 100)} %</strong>
          </label>
          <meter id="reserve" min={0} max={1} low={0.25} high={0.5} optimum={1} value={reserveLeft} />
          <p class="quiet small">Below a quarter, a new graph is built by itself.</p>
        </div>
      )}
    </>
  );
}
