import { Command } from 'commander';
import { settingSpecs } from '../../api/operations/index.ts';
import { jsonOption } from './shared/options.ts';
import { print, printJson } from '../output.ts';
import { type SettingFlags, readSettings, withSettings } from './shared/setting-options.ts';

interface ConfigOptions extends SettingFlags {
  print?: true;
  sources?: true;
  json?: true;
}

export function configCommand(): Command {
  return withSettings(
    new Command('config')
      .description('Check the configuration that serve would use, and print it.')
      .option('--print', 'print every setting and its source')
      .addOption(jsonOption().implies({ print: true }))
      .option('--sources', 'with --json: {settings, sources} instead of the settings alone')
      .addHelpText(
        'after',
        `
Precedence, lowest first: defaults, file, environment, flags. The output of --json is a valid file for --config.
Exit codes: 0 valid, 2 invalid, with all faults listed.`,
      ),
  ).action((options: ConfigOptions) => {
    const { settings, origins } = readSettings(options);
    if (options.json === true) {
      printJson(options.sources === true ? { settings, sources: origins } : settings);
    } else if (options.print === true) {
      const value = (name: keyof typeof settings): string => JSON.stringify(settings[name]) ?? 'not set';
      const width = Math.max(...settingSpecs.map(({ name }) => value(name).length));
      for (const { name } of settingSpecs) {
        print(`${name.padEnd(18)}  ${value(name).padEnd(width)}  ${origins[name]}`);
      }
    } else {
      print('the configuration is valid; --print shows it');
    }
  });
}
