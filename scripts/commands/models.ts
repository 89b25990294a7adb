import { Command } from 'commander';
import { activateModel, listModels, loadModel, messageOf, rollbackModel } from '../../graph-data/index.ts';
import { bytesText, print, printJson } from '../output.ts';
import { dataFolder, dataOption, jsonOption } from './shared/options.ts';

interface ModelOptions {
  data: string;
  json?: true;
}

/** `pinwalk models` and its subcommands. Options of the parent may stand before or after a subcommand. */
export function modelsCommand(): Command {
  const command = new Command('models')
    .description('List, verify and activate models, which pinwalk train makes.')
    .addOption(dataOption())
    .addOption(jsonOption());
  command
    .command('list', { isDefault: true })
    .description('list the models, newest first (the default)')
    .action((_options, subcommand: Command) => list(subcommand.optsWithGlobals()));
  command
    .command('verify')
    .description('verify every byte of one model, or of all')
    .argument('[version]')
    .action((version: string | undefined, _options, subcommand: Command) =>
      verify(version, subcommand.optsWithGlobals()),
    );
  command
    .command('activate')
    .description('verify a model and activate it')
    .argument('<version>')
    .action((version: string, _options, subcommand: Command) => {
      const options: ModelOptions = subcommand.optsWithGlobals();
      activateModel(dataFolder(options), version);
      printActive(version, options);
    });
  command
    .command('rollback')
    .description('activate the previously active model')
    .action((_options, subcommand: Command) => {
      const options: ModelOptions = subcommand.optsWithGlobals();
      printActive(rollbackModel(dataFolder(options)), options);
    });
  return command;
}

function list(options: ModelOptions): void {
  const models = listModels(dataFolder(options));
  if (options.json === true) printJson({ models });
  else if (models.length === 0) print('There are no models: train one with pinwalk train.');
  for (const { version, bytes, trainedAt, active } of options.json === true ? [] : models) {
    print(`${version}  ${trainedAt}  ${bytesText(bytes).padStart(10)}${active ? '  active' : ''}`);
  }
}

function verify(version: string | undefined, options: ModelOptions): void {
  const folder = dataFolder(options);
  const versions = version === undefined ? listModels(folder).map((each) => each.version) : [version];
  const results = versions.map((each) => {
    try {
      loadModel(folder, each);
      return { version: each, sound: true };
    } catch (error) {
      return { version: each, sound: false, fault: messageOf(error) };
    }
  });
  if (options.json === true) printJson({ models: results });
  else for (const each of results) print(`${each.version}  ${each.sound ? 'sound' : each.fault}`);
  if (results.some((each) => !each.sound)) process.exitCode = 1;
}

function printActive(active: string, options: ModelOptions): void {
  if (options.json === true) printJson({ active });
  else print(`${active} is active.`);
}
