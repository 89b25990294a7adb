import type { JSX } from 'preact';
import { useExplorer } from '../context/index.ts';
import { formatAgo, formatBytes, formatCount, formatPercent } from '../format/index.ts';
import { type GraphResponse, RestProblem, usePolled } from '../rest/index.ts';

const pauseMs = 3_000;

/** Whether the server is alive and ready, and the graph that it serves. */
export function HealthPanel({
  graph,
  isRefused,
  nowMs,
}: {
  graph: GraphResponse | undefined;
  /** Whether the key does not allow reading the graph. */
  isRefused: boolean;
  nowMs: number;
}): JSX.Element {
  const { client, version } = useExplorer();
  const { data } = usePolled(
    async (signal) => {
      const [alive, ready] = await Promise.all([
        problemOf(client.get('/healthz', signal), signal),
        problemOf(client.get('/readyz', signal), signal),
      ]);
      return { alive, ready };
    },
    () => pauseMs,
    [version],
  );
  return (
    <section class="panel stack" aria-labelledby="health-title">
      <h2 id="health-title">Health</h2>
      <ul class="row" aria-live="polite">
        <State name="Alive" problem={data?.alive} isKnown={data !== undefined} />
        <State name="Ready" problem={data?.ready} isKnown={data !== undefined} />
      </ul>
      {!isRefused && <GraphFacts graph={graph} nowMs={nowMs} />}
      {!isRefused && graph?.reserveLeft !== null && <Reserve left={graph?.reserveLeft ?? 1} />}
    </section>
  );
}

/** Undefined when the call succeeds. */
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
  const [tone, text] = isKnown ? (problem === undefined ? ['good', 'yes'] : ['bad', 'no']) : ['', '…'];
  return (
    <li class="row">
      <span class={`badge ${tone}`}>{text}</span>
      <strong>{name}</strong>
      {problem !== undefined && <span class="quiet small">{problem.message}</span>}
    </li>
  );
}

const unknown = '…';

function GraphFacts({ graph, nowMs }: { graph: GraphResponse | undefined; nowMs: number }): JSX.Element {
  const { counts, degrees, builtAt, communities } = graph ?? {};
  const count = (value: number | undefined): string => (value === undefined ? unknown : formatCount(value));
  const rows: readonly (readonly [string, string])[] = [
    ['Graph', graph?.version ?? unknown],
    ['Built', builtAt ? formatAgo(builtAt, nowMs) : unknown],
    ['Saves', count(counts?.saves)],
    ['Pins, boards, users', `${count(counts?.pins)}, ${count(counts?.boards)}, ${count(counts?.users)}`],
    ['Boards per pin', `median ${count(degrees?.pins.p50)}, maximum ${count(degrees?.pins.max)}`],
    ['Pins per board', `median ${count(degrees?.boards.p50)}, maximum ${count(degrees?.boards.max)}`],
    ['Communities', communities === null ? 'not analysed' : count(communities?.at(-1))],
    ['Memory of the graph', graph === undefined ? unknown : formatBytes(graph.bytes)],
    ['Live saves since the build', count(graph?.liveSaves)],
    ['Rows not in the snapshot', count(graph?.addedSinceBuild)],
  ];
  return (
    <dl class="facts lines">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="number">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Reserve({ left }: { left: number }): JSX.Element {
  return (
    <div>
      <label for="reserve" class="small">
        Space left for live saves: <strong class="number">{formatPercent(left)}</strong>
      </label>
      <meter id="reserve" min={0} max={1} low={0.25} high={0.5} optimum={1} value={left} />
      <p class="quiet small">Below 25 %, a build starts automatically.</p>
    </div>
  );
}
