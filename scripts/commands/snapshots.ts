import { Command } from 'commander';
import { messageOf } from '../../graph-data/base/index.ts';
import {
  activateSnapshot,
  activeVersion,
  listSnapshots,
  pinnedVersion,
  pruneSnapshots,
  rollbackSnapshot,
  verifySnapshot,
} from '../../graph-data/snapshot/index.ts';
import { UsageError, dataFolder, dataOption, integer, jsonOption } from './shared/options.ts';
import { bytesText, print, printJson } from '../output.ts';

interface SnapshotOptions {
  data: string;
  json?: true;
}

/** `pinwalk snapshots` and its subcommands. Options of the parent may stand before or after a subcommand. */
export function snapshotsCommand(): Command {
  const command = new Command('snapshots')
    .description('List, verify, activate and delete snapshots.')
    .addOption(dataOption())
    .addOption(jsonOption());

  command
    .command('list', { isDefault: true })
    .description('list the snapshots, newest first (the default)')
    .action((_options, subcommand: Command) => list(optionsOf(subcommand)));
  command
    .command('verify')
    .description('verify every byte of one snapshot, or of all')
    .argument('[version]')
    .action((version: string | undefined, _options, subcommand: Command) =>
      verify(version, optionsOf(subcommand)),
    );
  command
    .command('activate')
    .description('verify a snapshot and activate it')
    .argument('<version>')
    .option('--force', 'even if its recommendations differ too much from those of the active snapshot')
    .option('--pin', 'no build replaces it, until another activation (default if there is a newer one)')
    .option('--no-pin', 'the next build replaces it')
    .action((version: string, options: { force?: true; pin?: boolean }, subcommand: Command) =>
      activate(version, { ...optionsOf(subcommand), ...options }),
    );
  command
    .command('rollback')
    .description('activate the previously active snapshot, and pin it')
    .action((_options, subcommand: Command) => rollback(optionsOf(subcommand)));
  command
    .command('prune')
    .description('delete old snapshots, except the active one and the one to roll back to')
    .option('--keep <n>', 'number of the newest snapshots to keep', integer(0), 3)
    .action((options: { keep: number }, subcommand: Command) =>
      prune({ ...optionsOf(subcommand), ...options }),
    );
  return command;
}

function optionsOf(subcommand: Command): SnapshotOptions {
  return subcommand.optsWithGlobals();
}

function list(options: SnapshotOptions): void {
  const snapshots = listSnapshots(dataFolder(options));
  if (options.json === true) printJson({ snapshots });
  else if (snapshots.length === 0) print('There are no snapshots: build one with pinwalk build.');
  for (const { version, bytes, builtAt, active, pinned } of options.json === true ? [] : snapshots) {
    const state = `${active ? '  active' : ''}${pinned ? ', pinned' : ''}`;
    print(`${version}  ${builtAt}  ${bytesText(bytes).padStart(10)}${state}`);
  }
}

function verify(version: string | undefined, options: SnapshotOptions): void {
  const folder = dataFolder(options);
  const versions = version === undefined ? listSnapshots(folder).map((each) => each.version) : [version];
  const results = versions.map((each) => {
    try {
      verifySnapshot(folder, each);
      return { version: each, sound: true };
    } catch (error) {
      return { version: each, sound: false, fault: messageOf(error) };
    }
  });
  if (options.json === true) printJson({ snapshots: results });
  else for (const each of results) print(`${each.version}  ${each.sound ? 'sound' : each.fault}`);
  if (results.some((each) => !each.sound)) process.exitCode = 1;
}

function activate(version: string, options: SnapshotOptions & { force?: true; pin?: boolean }): void {
  activateSnapshot(dataFolder(options), version, { force: options.force === true, pin: options.pin });
  printActive(options);
}

function rollback(options: SnapshotOptions): void {
  rollbackSnapshot(dataFolder(options));
  printActive(options);
}

function prune(options: SnapshotOptions & { keep: number }): void {
  const deleted = pruneSnapshots(dataFolder(options), options.keep);
  if (options.json === true) printJson({ deleted });
  else print(deleted.length === 0 ? 'Nothing to delete.' : `Deleted ${deleted.join(', ')}.`);
}

function printActive(options: SnapshotOptions): void {
  const folder = dataFolder(options);
  const active = activeVersion(folder);
  if (active === undefined) throw new UsageError('no snapshot is active');
  const pinned = pinnedVersion(folder) !== undefined;
  if (options.json === true) printJson({ active, pinned });
  else print(pinned ? `${active} is active and pinned: no build replaces it.` : `${active} is active.`);
}
