import { Command, Option } from 'commander';
import { type PinIndex, Engine, degreeOf, presets } from '../../../engine/index.ts';
import { Store, loadActiveSnapshot } from '../../../graph-data/index.ts';
import { UsageError, dataFolder, dataOption, decimal } from '../../commands/shared/options.ts';
import { print } from '../../output.ts';
import { bestOf, formerRelated, mostSaved } from './judge.ts';

/** Packages that most Node developers know, so that they can judge the lists. */
const wellKnown =
  'express react lodash mocha webpack mongoose socket.io gulp babel-core passport redux jest commander chalk async leveldown three d3 electron koa hapi sequelize typescript angular eslint'.split(
    ' ',
  );

export function packagesCommand(): Command {
  return new Command('packages')
    .description('The ten packages related to each of 25 well-known ones of the npm sample, hubs in bold.')
    .addOption(dataOption())
    .addOption(new Option('--specificity <strength>', 'default: that of `related`').argParser(decimal(0, 1)))
    .action((options: { data: string; specificity?: number }) => {
      const folder = dataFolder(options);
      const { graph } = loadActiveSnapshot(folder, (fault) => process.stderr.write(`${fault.message}\n`));
      const store = Store.open(folder);
      try {
        const engine = new Engine(graph);
        const hubs = mostSaved(graph, 40);
        const { algorithm, params } = presets.related;
        const { specificity = params['specificity']! } = options;
        let [hubPlaces, formerHubPlaces, rare] = [0, 0, 0];
        const hubsIn = (pins: readonly PinIndex[]): number => pins.filter((pin) => hubs.has(pin)).length;
        print(`| package | related |\n| --- | --- |`);
        for (const key of wellKnown) {
          const pin = store.indexOf('pins', key);
          if (pin === undefined)
            throw new UsageError(`${key} is not in this graph: build the npm sample first`);
          const best = bestOf(engine, { algorithm, params: { ...params, specificity } }, pin);
          const names = best.map((each) => {
            const name = store.keyAt('pins', each)!;
            return hubs.has(each) ? `**${name}**` : name;
          });
          print(`| ${key} | ${names.join(', ')} |`);
          hubPlaces += hubsIn(best);
          formerHubPlaces += hubsIn(bestOf(engine, formerRelated, pin));
          rare += best.filter((each) => degreeOf(graph.pinToBoard, each) < 10).length;
        }
        const mean = (places: number): string => (places / wellKnown.length).toFixed(2);
        print(
          `\nOf ten places, the 40 most saved packages take ${mean(hubPlaces)} (${mean(formerHubPlaces)} before related had a specificity), those with under ten saves ${mean(rare)}.`,
        );
      } finally {
        store.close();
      }
    });
}
