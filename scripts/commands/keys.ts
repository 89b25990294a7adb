import { randomBytes } from 'node:crypto';
import { Command, Option } from 'commander';
import {
  type KeyRow,
  type KeyScope,
  createKey,
  keyScopes,
  listKeys,
  revokeKey,
} from '../../graph-data/index.ts';
import { UsageError, dataFolder, dataOption, jsonOption } from './shared/options.ts';
import { print, printJson, printable } from '../output.ts';

interface KeysOptions {
  data: string;
  json?: true;
}

const nameCharactersMax = 200;

/** `pinwalk keys` and its subcommands. A server that runs notices what they do within a second. */
export function keysCommand(): Command {
  const command = new Command('keys')
    .description('Make, list and revoke API keys.')
    .addOption(dataOption())
    .addOption(jsonOption());

  command
    .command('list', { isDefault: true })
    .description('list the keys that were ever made, oldest first (the default)')
    .action((_options, subcommand: Command) => list(subcommand.optsWithGlobals()));
  command
    .command('create')
    .description('make a key and print it: it is stored nowhere and cannot be shown again')
    .addOption(
      new Option('--scope <scope>', 'what it allows; each includes those before it')
        .choices(keyScopes)
        .makeOptionMandatory(),
    )
    .option('--name <text>', 'who or what it is for')
    .action((_options, subcommand: Command) => create(subcommand.optsWithGlobals()));
  command
    .command('revoke')
    .description('refuse a key from now on')
    .argument('<id>', 'the id, as the list has it')
    .action((id: string, _options, subcommand: Command) => revoke(id, subcommand.optsWithGlobals()));
  return command;
}

function list(options: KeysOptions): void {
  const rows = listKeys(dataFolder(options));
  if (options.json === true) printJson({ keys: rows.map(told) });
  else if (rows.length === 0) print('There are no keys: pinwalk keys create makes one.');
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
  const { row, key } = createKey(dataFolder(options), options, randomBytes, Date.now());
  if (options.json === true) {
    printJson({ ...told(row), key });
    return;
  }
  // The key alone on standard output, so that it can be put into a variable.
  print(key);
  process.stderr.write(`A key of scope ${row.scope}. Keep it: it cannot be shown again.\n`);
}

function revoke(id: string, options: KeysOptions): void {
  const row = revokeKey(dataFolder(options), id, Date.now());
  if (options.json === true) printJson(told(row));
  else print(`${row.id} is revoked.`);
}

/** The public part of a key: neither secret nor hash. */
function told({ id, name, scope, createdAt, revokedAt }: KeyRow): Record<string, string | null> {
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
