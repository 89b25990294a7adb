import { Command } from 'commander';
import { type RecommendationResult, recommend } from '../../api/library/index.ts';
import { dataOption, jsonOption } from './shared/options.ts';
import { print, printJson, printable } from '../output.ts';
import { type QueryOptions, requestOf, withGraph, withQuery } from './shared/query-options.ts';

export function recommendCommand(): Command {
  const command = new Command('recommend')
    .description('Answer one query from the active snapshot, as POST /v1/recommendations does.')
    .addOption(dataOption());
  return withQuery(command)
    .option('--explain', 'say why each pin is there')
    .option('--fields <names>', 'stored fields to bring along: title,url')
    .addOption(jsonOption())
    .action((options: QueryOptions & { json?: true }) => {
      const request = requestOf(options);
      const answer = withGraph(options, (graph) => recommend(graph, request));
      if (options.json === true) printJson(answer);
      else printAnswer(answer);
    });
}

function printAnswer(answer: RecommendationResult): void {
  const keys = answer.items.map(({ pin, board, user }) => printable(pin ?? board ?? user ?? ''));
  const width = Math.max(...keys.map((key) => key.length), 0);
  for (const [i, { rank, score, visits, reason }] of answer.items.entries()) {
    const place = `${String(rank).padStart(4)}  ${keys[i]!.padEnd(width)}`;
    const visited = visits === undefined ? '' : `  ${visits} visits`;
    const why = reason === undefined ? '' : `  ${printable(reason.text)}`;
    print(`${place}  ${score.toPrecision(4)}${visited}${why}`);
  }
  if (answer.items.length === 0) print('Nothing goes with it: the query has no boards in this graph.');
  if (answer.fallback === 'cold-start') print('Nothing is saved there: this is what is popular.');
  if (answer.missing.length > 0) print(`Not in the graph: ${answer.missing.map(printable).join(', ')}`);
}
