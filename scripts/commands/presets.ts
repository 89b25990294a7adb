import { Command, Option } from 'commander';
import { algorithmNames, presets as builtIn, type AlgorithmName, type Params } from '../../engine/index.ts';
import { addPreset, readPresets, removePreset } from '../../graph-data/presets/index.ts';
import { dataFolder, dataOption, jsonObject, jsonOption } from './shared/options.ts';
import { grid, print, printJson } from '../output.ts';

interface AddOptions {
  readonly data: string;
  readonly algorithm: AlgorithmName;
  readonly params: Params;
}

export function presetsCommand(): Command {
  return new Command('presets')
    .description(
      'Manage the presets of a data folder: named pipelines that requests can use as their algorithm.',
    )
    .addCommand(
      new Command('list')
        .description('List the built-in presets and those of the data folder.')
        .addOption(dataOption())
        .addOption(jsonOption())
        .action(list),
    )
    .addCommand(
      new Command('add')
        .description('Add or replace a preset; a running server applies it within a second.')
        .argument('<name>')
        .addOption(
          new Option('--algorithm <name>', 'the algorithm').choices(algorithmNames).makeOptionMandatory(),
        )
        .option('--params <json>', 'its parameters and levers, as JSON or a JSON file', jsonObject, {})
        .addOption(dataOption())
        .action((name: string, options: AddOptions) => {
          const { algorithm, params } = options;
          addPreset(dataFolder(options), name, { algorithm, params });
          print(`${name} is now a preset of ${options.data}.`);
        }),
    )
    .addCommand(
      new Command('remove')
        .description('Remove a preset from the data folder: requests that name it are refused from then on.')
        .argument('<name>')
        .addOption(dataOption())
        .action((name: string, options: { data: string }) => {
          removePreset(dataFolder(options), name);
          print(`${name} is removed from ${options.data}.`);
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
  const kept = Object.entries(builtIn).filter(([name]) => !own.has(name));
  const all = [...kept, ...own].map(([name, { algorithm, params }]) => {
    return { name, algorithm, params, isOwn: own.has(name) };
  });
  if (options.json === true) {
    printJson(all);
    return;
  }
  const rows = all.map(({ name, algorithm, params, isOwn }) => {
    const paramTexts = Object.entries(params).map(([param, value]) => `${param} ${value}`);
    return [name, isOwn ? 'own' : 'built in', algorithm, paramTexts.join(', ')];
  });
  for (const line of grid([['preset', '', 'algorithm', 'parameters'], ...rows])) print(line);
}
