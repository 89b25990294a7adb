import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import {
  type Configuration,
  type SettingName,
  configure,
  settingSpecs,
} from '../../../api/operations/index.ts';
import { UsageError } from './options.ts';

/** The flags of the command line, as commander returns them. */
export type SettingFlags = Partial<Record<SettingName | 'config', string>>;

/** Adds a flag for every setting, and `--config`. */
export function withSettings(command: Command): Command {
  command.addOption(
    new Option('--config <file>', 'JSON file of settings; also PINWALK_CONFIG (docs/configuration.md)'),
  );
  for (const { flag, kind, about, variables, default: value } of settingSpecs) {
    const description = `${about} (default: ${String(value)}, env: ${variables.join(', ')})`;
    command.addOption(new Option(`${flag} <${kind}>`, description));
  }
  return command;
}

/** The settings from file, environment and flags. Throws a `UsageError` that lists every fault. */
export function readSettings(flags: SettingFlags): Configuration {
  const name = flags.config ?? process.env['PINWALK_CONFIG'];
  const file = name === undefined ? undefined : { name, read: () => readFileSync(name, 'utf8') };
  const configuration = configure({ file, environment: process.env, flags });
  const { faults } = configuration;
  if (faults.length > 0) {
    throw new UsageError(
      `the configuration has ${faults.length === 1 ? '1 fault' : `${faults.length} faults`}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
  }
  return configuration;
}
