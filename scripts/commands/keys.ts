import { randomBytes } from 'node:crypto';
import { Command, Option } from 'commander';
import {
  type KeyRow,
  type KeyScope,
  createKey,
  keyScopes,
  listKeys,
  revokeKey,
} from '../../graph-data/database/index.ts';
import { UsageError, dataFolder, newDataFolder, dataOption, jsonOption } from './shared/options.ts';
import { print, printJson, printable } from '../output.ts';

interface KeysOptions {
  data: string;
  json?: true;
}

const nameCharactersMax = 200;

/** `pinwalk keys` and its subcommands. A running server applies changes within a second. */
export function keysCommand(): Command {
  const command = new Command('keys')
    .description('Create, list and revoke API keys.')
    .addOption(dataOption())
    .addOption(jsonOption());

  command
    .command('list', { isDefault: true })
    .description('list all keys, revoked ones too, oldest first (the default)')
    .action((_options, subcommand: Command) => list(subcommand.optsWithGlobals()));
  command
    .command('create')
    .description('create a key and print it: only its hash is stored, so it cannot be shown again')
    .addOption(
      new Option('--scope <scope>', 'permissions; each scope includes those before it')
        .choices(keyScopes)
        .makeOptionMandatory(),
    )
    .option('--name <text>', 'user or purpose of the key')
    .action((_options, subcommand: Command) => create(subcommand.optsWithGlobals()));
  command
    .command('revoke')
    .description('revoke a key')
    .argument('<id>', 'id of the key, from the list')
    .action((id: string, _options, subcommand: Command) => revoke(id, subcommand.optsWithGlobals()));
  return command;
}

function list(options: KeysOptions): void {
  const rows = listKeys(dataFolder(options));
  if (options.json === true) printJson({ keys: rows.map(publicFields) });
  else if (rows.length === 0) print('There are no keys: create one with pinwalk keys create.');
  for (const { id, scope, name, createdAt, revokedAt } of options.json === true ? [] : rows) {
    const state = revokedAt === null ? '' : `revoked ${isoOf(revokedAt)}`;
    const parts = [id, scope.padEnd(5), isoOf(createdAt), printable(name ?? ''), state];
    print(parts.filter((part) => part !== '').join('  '));
  }
}

function create(options: KeysOptions & { scope: KeyScope; name?: string }): void {
  if (options.name !== undefined && options.name.length > nameCharactersMax) {
    throw new UsageError(`--name is longer than ${nameCharactersMax} characters`);
  }
  const { row, key } = createKey(newDataFolder(options), options, randomBytes, Date.now());
  if (options.json === true) {
    printJson({ ...publicFields(row), key });
    return;
  }
  // Standard output has only the key, so that a script can capture it.
  print(key);
  process.stderr.write(`Created a key of scope ${row.scope}. Store it now: it cannot be shown again.\n`);
}

function revoke(id: string, options: KeysOptions): void {
  const row = revokeKey(dataFolder(options), id, Date.now());
  if (options.json === true) printJson(publicFields(row));
  else print(`${row.id} is revoked.`);
}

/** The public fields of a key, without the hash. */
function publicFields({ id, name, scope, createdAt, revokedAt }: KeyRow): Record<string, string | null> {
  return {
    id,
    name,
    scope,
    createdAt: isoOf(createdAt),
    revokedAt: revokedAt === null ? null : isoOf(revokedAt),
  };
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
