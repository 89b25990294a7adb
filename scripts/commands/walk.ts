import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { type WalkDiagnostics, walk } from '../../api/library/index.ts';
import { pathsMax } from '../../api/recommend/index.ts';
import { graphFileFormats, graphFormatOf } from '../../graph-data/graphology/index.ts';
import { UsageError, dataOption, htmlOption, integer, jsonOption, outputFile } from './shared/options.ts';
import { printJson } from '../output.ts';
import { provenance } from '../reports/provenance.ts';
import { type QueryOptions, requestOf, withGraph, withQuery } from './shared/query-options.ts';
import { printDiagnostics } from '../reports/text/walk-text.ts';
import { type GraphFile, type WrittenGraph, writeWalkGraph } from '../reports/walk-graph.ts';

interface WalkCommandOptions extends QueryOptions {
  trace?: number;
  graph?: string;
  nodes?: number;
  html?: string;
  json?: true;
}

const nodesDefault = 200;
const nodesMax = 100_000;

export function walkCommand(): Command {
  const command = new Command('walk')
    .description('Diagnose one query: steps, restarts, visits and convergence of its walk (docs/walk.md).')
    .addOption(dataOption());
  return withQuery(command)
    .option('--trace <n>', 'print the paths of the first n walkers', integer(1, pathsMax))
    .option(
      '--graph <file>',
      `write the most visited part of the graph: ${graphFileFormats.map((each) => `.${each}`).join(', ')}`,
      outputFile,
    )
    .option(
      '--nodes <n>',
      `maximum number of nodes of that graph (default: ${nodesDefault})`,
      integer(2, nodesMax),
    )
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
      // Loading the plots takes most of a second.
      const page = options.html === undefined ? undefined : await import('../reports/walk-page.ts');
      const { diagnostics, writing } = withGraph(options, (graph) => {
        const walked = walk(graph, request, { paths: options.trace });
        return { diagnostics: walked, writing: graphFile && writeWalkGraph(graph, walked, graphFile) };
      });
      // The graph may close: its data was copied before.
      const written = await writing;
      if (page !== undefined) writeFileSync(options.html!, page.walkPage(diagnostics, provenance()));
      if (options.json === true) printJson(asJson(diagnostics, written));
      else printDiagnostics(diagnostics, written);
    });
}

function graphFileOf({ graph: file, nodes }: WalkCommandOptions): GraphFile | undefined {
  if (file === undefined) {
    if (nodes !== undefined) throw new UsageError('--nodes needs --graph FILE');
    return undefined;
  }
  const format = graphFormatOf(file);
  if (format === undefined) {
    const endings = graphFileFormats.map((each) => `.${each}`).join(', ');
    throw new UsageError(`--graph ${file}: the file name must end with one of ${endings}`);
  }
  return { file, format, nodesMax: nodes ?? nodesDefault };
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
