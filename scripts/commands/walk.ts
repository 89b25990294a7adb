import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { type WalkDiagnostics, walk } from '../../api/library/index.ts';
import { pathsMax } from '../../api/recommend/index.ts';
import { graphFileFormats, graphFormatOf } from '../../graph-data/index.ts';
import { UsageError, dataOption, htmlOption, integer, jsonOption } from './shared/options.ts';
import { printJson } from '../output.ts';
import { madeNow } from '../reports/made.ts';
import { type QueryOptions, requestOf, withGraph, withQuery } from './shared/query-options.ts';
import { printDiagnostics } from '../reports/text/walk-text.ts';
import { type GraphFile, type WrittenGraph, writeWalked } from './shared/write-walked.ts';

interface WalkCommandOptions extends QueryOptions {
  trace?: number;
  graph?: string;
  nodes?: number;
  html?: string;
  json?: true;
}

const nodesUsual = 200;
const nodesMax = 100_000;

export function walkCommand(): Command {
  const command = new Command('walk')
    .description('Diagnose one query: what its walk did, and how its list came about (docs/walk.md).')
    .addOption(dataOption());
  return withQuery(command)
    .option('--trace <n>', 'show the first paths of the walkers, so many', integer(1, pathsMax))
    .option(
      '--graph <file>',
      `write where the walk was most: ${graphFileFormats.map((each) => `.${each}`).join(', ')}`,
    )
    .option('--nodes <n>', `nodes of that graph at most (default: ${nodesUsual})`, integer(2, nodesMax))
    .addOption(htmlOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  pinwalk walk --pin express --pin mongoose --weight 2
  pinwalk walk --pin express --trace 5 --graph express.gexf --nodes 300`,
    )
    .action(async (options: WalkCommandOptions) => {
      const graphFile = graphFileOf(options);
      const request = requestOf(options);
      // Plots are loaded for those who want them: that takes most of a second.
      const page = options.html === undefined ? undefined : await import('../reports/walk-page.ts');
      withGraph(options, (graph) => {
        const diagnostics = walk(graph, request, { paths: options.trace });
        const written = graphFile && writeWalked(graph, diagnostics, graphFile);
        if (page !== undefined) writeFileSync(options.html!, page.walkPage(diagnostics, madeNow()));
        if (options.json === true) printJson(asJson(diagnostics, written));
        else printDiagnostics(diagnostics, written);
      });
    });
}

function graphFileOf({ graph: file, nodes }: WalkCommandOptions): GraphFile | undefined {
  if (file === undefined) {
    if (nodes !== undefined)
      throw new UsageError('--nodes is the size of the graph that --graph writes: name a file');
    return undefined;
  }
  const format = graphFormatOf(file);
  if (format === undefined) {
    const endings = graphFileFormats.map((each) => `.${each}`).join(', ');
    throw new UsageError(`--graph ${file}: its name has to end with one of ${endings}`);
  }
  return { file, format, nodesMax: nodes ?? nodesUsual };
}

function asJson(diagnostics: WalkDiagnostics, graph: WrittenGraph | undefined): object {
  const { graphVersion, algorithm, randomSeed, items, stats, missing, fallback } = diagnostics.result;
  return {
    graphVersion,
    algorithm,
    randomSeed,
    steps: diagnostics.steps,
    restarts: diagnostics.restarts,
    queryPins: diagnostics.queryPins.map(({ pin, weight, boards, steps, restarts, lost }) => {
      return { pin, weight, boards, steps, restarts, lost };
    }),
    items: items.map((item, place) => {
      const { total, byQueryPin } = diagnostics.visits[place]!;
      return Object.assign({}, item, { visits: total, visitsByQueryPin: byQueryPin });
    }),
    convergence: diagnostics.convergence,
    paths: diagnostics.paths,
    stats,
    missing,
    fallback,
    ...(graph !== undefined && { graph }),
  };
}
