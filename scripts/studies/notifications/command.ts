import { Command } from 'commander';
import { print, thousands } from '../../output.ts';
import { readEngagementSet } from '../engagement/read.ts';
import { calibrate } from './calibrate.ts';

export function notificationsCommand(): Command {
  return new Command('notifications')
    .description(
      'What the click model of pinwalk notify simulate takes from KuaiRand-Pure: how people, tastes and hours differ.',
    )
    .requiredOption('--data <folder>', 'KuaiRand-Pure, such as ../shared/data/kuairand')
    .action(({ data }: { data: string }) => {
      const { people, ...found } = calibrate(readEngagementSet(data));
      for (const [name, value] of Object.entries(found)) print(`${name.padEnd(14)} ${value.toFixed(2)}`);
      print(`${thousands(people)} people with impressions of different topics on two days.`);
    });
}
