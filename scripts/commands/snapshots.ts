import { Command } from 'commander';
import {
  activateSnapshot,
  activeVersion,
  listSnapshots,
  loadSnapshot,
  messageOf,
  pruneSnapshots,
  rollbackSnapshot,
} from '../../graph-data/index.ts';
import { UsageError, dataFolder, dataOption, integer, jsonOption } from '../options.ts';
import { bytesText, print, printJson } from '../output.ts';

interface SnapshotOptions {
  data: string;
  json?: true;
}

/** `pinwalk snapshots` and its subcommands; each prints `{…}` with --json. */
export function snapshotsCommand(): Command {
  const command = new Command('snapshots').description('List, check, switch and delete snapshots.');
  const add = (name: string, description: string): Command =>
    command
      .command(name, { isDefault: name === 'list' })
      .description(description)
      .addOption(dataOption())
      .addOption(jsonOption());

  add('list', 'List the snapshots, newest first (the default).').action(list);
  add('verify', 'Check every byte of one snapshot, or of all.').argument('[version]').action(verify);
  add('activate', 'Check a snapshot and make it the one that is served.')
    .argument('<version>')
    .action(activate);
  add('rollback', 'Go back to the snapshot that was active before.').action(rollback);
  add('prune', 'Delete old snapshots; never the active one, nor the one to roll back to.')
    .option('--keep <n>', 'how many of the newest to keep', integer(0), 3)
    .action(prune);
  return command;
}

function list(options: SnapshotOptions): void {
  const snapshots = listSnapshots(dataFolder(options));
  if (options.json === true) printJson({ snapshots });
  else if (snapshots.length === 0) print('There are no snapshots: pinwalk build makes one.');
  for (const { version, bytes, builtAt, active } of options.json === true ? [] : snapshots) {
    print(`${version}  ${builtAt}  ${bytesText(bytes).padStart(10)}${active ? '  active' : ''}`);
  }
}

function verify(version: string | undefined, options: SnapshotOptions): void {
  const folder = dataFolder(options);
  const versions = version === undefined ? listSnapshots(folder).map((each) => each.version) : [version];
  const results = versions.map((each) => {
    try {
      loadSnapshot(folder, each);
      return { version: each, sound: true };
    } catch (error) {
      return { version: each, sound: false, fault: messageOf(error) };
    }
  });
  if (options.json === true) printJson({ snapshots: results });
  else for (const each of results) print(`${each.version}  ${each.sound ? 'sound' : each.fault}`);
  if (results.some((each) => !each.sound)) process.exitCode = 1;
}

function activate(version: string, options: SnapshotOptions): void {
  activateSnapshot(dataFolder(options), version);
  tellActive(options);
}

function rollback(options: SnapshotOptions): void {
  rollbackSnapshot(dataFolder(options));
  tellActive(options);
}

function prune(options: SnapshotOptions & { keep: number }): void {
  const deleted = pruneSnapshots(dataFolder(options), options.keep);
  if (options.json === true) printJson({ deleted });
  else print(deleted.length === 0 ? 'Nothing to delete.' : `Deleted ${deleted.join(', ')}.`);
}

function tellActive(options: SnapshotOptions): void {
  const active = activeVersion(dataFolder(options));
  if (active === undefined) throw new UsageError('no snapshot is active');
  if (options.json === true) printJson({ active });
  else print(`${active} is active.`);
}
