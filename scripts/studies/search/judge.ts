import { type Blend, type PinPage, defaultBlend } from '../../../api/index.ts';
import type { Corpus } from './corpus.ts';
import { type Gains, type Quality, type Ranking, qualityOf } from './measure.ts';

/**
 * A text, and the pins that it should find. Listed pins of `known` do not count: neither as found nor as
 * missed.
 */
export interface JudgedQuery {
  readonly text: string;
  readonly gains: Gains;
  readonly known?: ReadonlySet<string>;
}

/** Blends to choose from, each changed from the default one. */
export const blends: readonly Blend[] = [0, 0.5, 1, 1.5].flatMap((content) =>
  [0, 0.1, 0.3].flatMap((popularity) => [0, 0.5, 1].map((walk) => ({ content, popularity, walk, user: 0 }))),
);

/** Parts of the queries: the blend for one is chosen on the others. */
const parts = 5;

function judge(list: readonly string[], { gains, known }: JudgedQuery): Quality {
  return qualityOf(known === undefined ? list : list.filter((key) => !known.has(key)), gains);
}

export async function rankingOf(
  name: string,
  queries: readonly JudgedQuery[],
  find: (text: string) => readonly string[] | Promise<readonly string[]>,
): Promise<Ranking> {
  const qualities: Quality[] = [];
  for (const query of queries) qualities.push(judge(await find(query.text), query));
  return { name, qualities };
}

export const keysOf = ({ hits }: PinPage): string[] => hits.map(({ key }) => key);

/**
 * Cross-validation: for each fifth of the queries, the blend that finds most on the other four. Blends are compared on the
 * signals of two searches each, without related words and with them; the chosen one is then searched with.
 */
export async function crossValidated(
  corpus: Corpus,
  queries: readonly JudgedQuery[],
  offered: readonly Blend[],
  hasWalk: boolean,
): Promise<{ ranking: Ranking; chosen: readonly Blend[] }> {
  const walks = hasWalk ? corpus.walks : {};
  const table: number[][] = [];
  for (const query of queries) {
    const [byWords, all] = [
      await corpus.search(query.text, { ...defaultBlend, content: 0 }, walks),
      await corpus.search(query.text, defaultBlend, walks),
    ];
    table.push(
      offered.map((blend) => {
        const { hits } = blend.content === 0 ? byWords : all;
        const score = (hit: (typeof hits)[number]): number =>
          Object.entries(hit.signals ?? {}).reduce(
            (sum, [name, value]) => sum + value * (name === 'words' ? 1 : blend[name as keyof Blend]),
            0,
          );
        return judge(
          hits.toSorted((a, b) => score(b) - score(a)).map(({ key }) => key),
          query,
        ).ndcg;
      }),
    );
  }
  const chosen = Array.from({ length: parts }, (_, part) => {
    const sums = offered.map((__, b) =>
      table.reduce((sum, row, i) => (i % parts === part ? sum : sum + row[b]!), 0),
    );
    return offered[sums.indexOf(Math.max(...sums))]!;
  });
  const qualities: Quality[] = [];
  for (const [i, query] of queries.entries()) {
    qualities.push(judge(keysOf(await corpus.search(query.text, chosen[i % parts], walks)), query));
  }
  return { ranking: { name: 'blend, cross-validated', qualities }, chosen };
}
