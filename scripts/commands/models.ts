import { Command } from 'commander';
import { messageOf } from '../../graph-data/base/index.ts';
import {
  type ModelEntry,
  activateModel,
  listModels,
  loadModel,
  rollbackModel,
} from '../../graph-data/models/index.ts';
import { bytesText, print, printJson, printable } from '../output.ts';
import { figureText } from '../reports/text/format.ts';
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
      const { label } = activateModel(dataFolder(options), version);
      printActive(version, label, options);
    });
  command
    .command('rollback')
    .description('activate the previously active model of a label')
    .option('--label <kind>', 'the kind of action that it predicts', 'click')
    .action((_options, subcommand: Command) => {
      const options: ModelOptions & { label: string } = subcommand.optsWithGlobals();
      const { label } = options;
      printActive(rollbackModel(dataFolder(options), label), label, options);
    });
  return command;
}

function list(options: ModelOptions): void {
  const models = listModels(dataFolder(options));
  if (options.json === true) {
    printJson({ models: models.map(({ header, ...model }) => ({ ...model, ...summaryOf(header) })) });
    return;
  }
  if (models.length === 0) print('There are no models: train one with pinwalk train.');
  for (const { version, bytes, trainedAt, active, header } of models) {
    const auc = header?.quality?.auc.value;
    const known =
      header === undefined
        ? 'damaged'
        : `${printable(header.label)}, ${header.learner}${header.online === true ? ' online' : ''}`;
    const quality = auc === undefined ? '' : `, AUC ${figureText(auc)}`;
    print(
      `${version}  ${trainedAt}  ${bytesText(bytes).padStart(10)}  ${known}${quality}${active ? ', active' : ''}`,
    );
  }
}

/** Null for a damaged one. */
function summaryOf(header: ModelEntry['header']) {
  const { label = null, learner = null, online = false, rows = null, quality = null } = header ?? {};
  return { label, learner, online, rows, quality };
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

function printActive(active: string, label: string, options: ModelOptions): void {
  if (options.json === true) printJson({ active, label });
  else print(`${active} is the active model of ${printable(label)}.`);
}
