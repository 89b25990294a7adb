import { Command, Option } from 'commander';
import { engagementParameters, daysOf } from '../../api/contract/index.ts';
import {
  type EngagementReport,
  type EngagementRow,
  engagementGroups,
  engagementReport,
} from '../../graph-data/engagement/index.ts';
import { grid, print, printJson, printable, thousands } from '../output.ts';
import { UsageError, dataFolder, dataOption, integer, jsonOption } from './shared/options.ts';

interface ReportOptions extends Record<string, unknown> {
  data: string;
  json?: true;
}

export function reportCommand(): Command {
  return new Command('report')
    .description('Report impressions, actions and rates with 95 % intervals.')
    .addOption(dataOption())
    .addOption(
      new Option('--by <what>', 'what the rows stand for').choices(engagementGroups).default('surface'),
    )
    .option('--from <day>', 'first day of the impressions, UTC (default: 27 days before --to)')
    .option('--to <day>', 'last day of the impressions, UTC (default: today)')
    .option('--window-hours <n>', 'how long after an impression an action counts (default: 24)', integer(1))
    .addOption(
      new Option(
        '--touch <which>',
        'impressions that get credit for an action without a recommendation',
      ).choices(['last', 'all']),
    )
    .addOption(
      new Option(
        '--dedupe <how>',
        'an impression counts once for each kind of action, or every action counts',
      ).choices(['impression', 'none']),
    )
    .option('--surface <name>', 'only impressions of this surface')
    .option('--pipeline <name>', 'only impressions of this pipeline')
    .option('--arm <name>', 'only impressions of this arm')
    .addOption(jsonOption())
    .addHelpText('after', '\nMore: docs/interactions.md')
    .action(({ data, json, ...options }: ReportOptions) => {
      const parsed = engagementParameters.safeParse(options);
      if (!parsed.success) {
        const { path, message } = parsed.error.issues[0]!;
        throw new UsageError(`--${path.join('.')}: ${message}`);
      }
      const days = daysOf(parsed.data, Date.now());
      const report = engagementReport(dataFolder({ data }), { ...parsed.data, ...days });
      if (json === true) printJson(report);
      else for (const line of reportText(report, parsed.data.by)) print(line);
    });
}

function reportText({ total, rows, uncredited }: EngagementReport, by: string): string[] {
  const kinds = total.actions.map(({ kind }) => kind);
  const isByRank = by === 'rank';
  const line = (name: string, { impressions, actions }: EngagementRow): string[] => [
    name,
    thousands(impressions),
    ...kinds.flatMap((kind) => {
      const own = actions.find((each) => each.kind === kind);
      if (own === undefined) return ['0', '', ...(isByRank ? [''] : [])];
      const [rate, low, high] = [own.rate, own.low, own.high].map((share) => (100 * share).toFixed(2));
      return [
        thousands(own.actions),
        `${rate} % (${low} to ${high})`,
        ...(isByRank ? [ratioText(own.ofFirstRank)] : []),
      ];
    }),
  ];
  const columns = (kind: string): string[] =>
    isByRank ? [printable(kind), 'rate', 'of rank 1'] : [printable(kind), 'rate'];
  const header = [by, 'impressions', ...kinds.flatMap(columns)];
  return [
    ...grid([
      header,
      ...rows.map((row) => line(row.group === null ? '(none)' : printable(row.group), row)),
      line('all', total),
    ]),
    ...uncredited.map(
      ({ kind, actions }) => `without an impression: ${thousands(actions)} ${printable(kind)}`,
    ),
  ];
}

function ratioText(of: EngagementRow['actions'][number]['ofFirstRank']): string {
  return of === undefined ? '' : `${of.ratio.toFixed(2)} (${of.low.toFixed(2)} to ${of.high.toFixed(2)})`;
}
