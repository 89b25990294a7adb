import { Command } from 'commander';
import { Turns, validate } from '../../api/base/index.ts';
import { interestRequest, type InterestRequest } from '../../api/contract/index.ts';
import { Interests } from '../../api/interests/index.ts';
import { InterestCatalog } from '../../api/recommend/index.ts';
import { messageOf } from '../../graph-data/base/index.ts';
import { Store } from '../../graph-data/database/index.ts';
import { type LoadedSnapshot, loadActiveSnapshot } from '../../graph-data/snapshot/index.ts';
import { grid, print, printJson, thousands } from '../output.ts';
import { dataFolder, dataOption, integer, jsonOption } from './shared/options.ts';

interface ListOptions {
  readonly data: string;
  readonly depth: number;
  readonly hidden?: boolean;
  readonly json?: true;
}

const depthMax = 16;
const topPins = 3;

export function interestsCommand(): Command {
  return new Command('interests')
    .description(
      'List the interests of the active snapshot, and rename, hide or merge them; a running server applies it within a second.',
    )
    .addCommand(
      new Command('list')
        .description('List the interest tree: names, sizes, most saved pins.')
        .option('--depth <n>', 'levels shown, from the roots', integer(1, depthMax), depthMax)
        .option('--hidden', 'hidden ones as well')
        .addOption(dataOption())
        .addOption(jsonOption())
        .action(list),
    )
    .addCommand(
      editCommand('rename', 'Give an interest a name of your own.')
        .argument('<name>')
        .action((id: string, name: string, options: { data: string }) => edit(options, id, { name })),
    )
    .addCommand(
      editCommand(
        'hide',
        'Hide an interest and its descendants from lists and from the interests of people.',
      ).action((id: string, options: { data: string }) => edit(options, id, { hidden: true })),
    )
    .addCommand(
      editCommand('show', 'Show a hidden interest again.').action((id: string, options: { data: string }) =>
        edit(options, id, { hidden: undefined }),
      ),
    )
    .addCommand(
      editCommand('merge', 'Give the pins and descendants of an interest to another.')
        .requiredOption('--into <interest>', 'the id of the other')
        .action((id: string, { into, ...options }: { data: string; into: string }) =>
          edit(options, id, { mergedInto: into }),
        ),
    )
    .addCommand(
      editCommand('reset', 'Take all edits of an interest back.').action(
        (id: string, options: { data: string }) => edit(options, id, undefined),
      ),
    )
    .addHelpText(
      'after',
      `
Examples:
  pinwalk interests list --depth 1
  pinwalk interests rename zfv362g7 'Front end'
  pinwalk interests merge k3mq81xd --into zfv362g7`,
    );
}

function editCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<interest>', 'its id, as `list` shows it')
    .addOption(dataOption());
}

function list({ depth, hidden = false, json, ...options }: ListOptions): void {
  withInterests(options, (interests, snapshot) => {
    const bodies = interests
      .idsOf(snapshot, { depth, hidden })
      .map((id) => interests.body(snapshot, id, topPins));
    if (json === true) {
      printJson(bodies);
      return;
    }
    const rows = bodies.map(({ id, name, depth: level, hidden: isHidden, counts, topPins: pins }) => [
      id,
      `${'  '.repeat(level - 1)}${name}${isHidden ? ' (hidden)' : ''}`,
      thousands(counts.pins),
      thousands(counts.saves),
      pins.map(({ pin, title }) => title ?? pin).join(' · '),
    ]);
    for (const line of grid([['interest', 'name', 'pins', 'saves', 'most saved'], ...rows])) print(line);
  });
}

/** Changes one edit of an interest and keeps its others; `undefined` takes all back. */
function edit(options: { data: string }, id: string, change: Partial<InterestRequest> | undefined): void {
  withInterests(options, (interests, snapshot, catalog) => {
    const kept = change === undefined ? {} : { ...catalog.edits.get(id), ...change };
    interests.edit(snapshot, id, validate(interestRequest, kept));
    const { id: now, name, hidden } = interests.find(snapshot, id, 0);
    print(
      `${id} is ${now === id ? '' : `part of ${now}, `}${JSON.stringify(name)}${hidden ? ', hidden' : ''}.`,
    );
  });
}

function withInterests(
  options: { data: string },
  run: (interests: Interests, snapshot: LoadedSnapshot, catalog: InterestCatalog) => void,
): void {
  const folder = dataFolder(options);
  const snapshot = loadActiveSnapshot(folder, warn);
  const store = Store.open(folder);
  try {
    const catalog = new InterestCatalog(folder, () => performance.now(), warn);
    run(new Interests(catalog, store, new Turns(setImmediate)), snapshot, catalog);
  } finally {
    store.close();
  }
}

function warn(fault: unknown): void {
  process.stderr.write(`pinwalk: ${messageOf(fault)}\n`);
}
