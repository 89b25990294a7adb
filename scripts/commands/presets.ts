import { Command, Option } from 'commander';
import { algorithmNames, presets as builtIn, type AlgorithmName, type Params } from '../../engine/index.ts';
import { addPreset, readPresets, removePreset } from '../../graph-data/index.ts';
import { dataFolder, dataOption, jsonObject, jsonOption } from './shared/options.ts';
import { grid, print, printJson } from '../output.ts';

interface AddOptions {
  readonly data: string;
  readonly algorithm: AlgorithmName;
  readonly params: Params;
}

export function presetsCommand(): Command {
  return new Command('presets')
    .description('The named settings of a data folder, which requests can name as their algorithm.')
    .addCommand(
      new Command('list')
        .description('All presets: those that are there anyway, and those of the data folder.')
        .addOption(dataOption())
        .addOption(jsonOption())
        .action(list),
    )
    .addCommand(
      new Command('add')
        .description(
          'Make a preset, or put one in the place of that name; a running server knows it at once.',
        )
        .argument('<name>')
        .addOption(
          new Option('--algorithm <name>', 'the algorithm').choices(algorithmNames).makeOptionMandatory(),
        )
        .option('--params <json>', 'its parameters, as JSON or a file of it', jsonObject, {})
        .addOption(dataOption())
        .action((name: string, options: AddOptions) => {
          const { algorithm, params } = options;
          addPreset(dataFolder(options), name, { algorithm, params });
          print(`${name} is a preset of ${options.data} now.`);
        }),
    )
    .addCommand(
      new Command('remove')
        .description('Take a preset out of the data folder: requests that name it are refused from then on.')
        .argument('<name>')
        .addOption(dataOption())
        .action((name: string, options: { data: string }) => {
          removePreset(dataFolder(options), name);
          print(`${name} is gone from ${options.data}.`);
        }),
    )
    .addHelpText(
      'after',
      `
Examples:
  pinwalk sweep sweep.yaml --promote home
  pinwalk presets add quick --algorithm pixie --params '{"steps": 2000}'
  pinwalk recommend --pin express --algorithm quick`,
    );
}

function list(options: { data: string; json?: true }): void {
  const own = readPresets({ root: options.data });
  const all = [...Object.entries(builtIn), ...own].map(([name, { algorithm, params }]) => {
    return { name, algorithm, params, isOwn: own.has(name) };
  });
  if (options.json === true) {
    printJson(all);
    return;
  }
  const rows = all.map(({ name, algorithm, params, isOwn }) => {
    const told = Object.entries(params).map(([param, value]) => `${param} ${value}`);
    return [name, isOwn ? 'own' : 'built in', algorithm, told.join(', ')];
  });
  for (const line of grid([['preset', '', 'algorithm', 'parameters'], ...rows])) print(line);
}
