import { Command } from 'commander';
import { Moments, compareArms, ghostAdLift, nextUnit, randomStream } from '../../../engine/index.ts';
import { print } from '../../output.ts';
import { tableLines } from '../../reports/text/format.ts';

/** A tenth of the people is held out; the campaign would reach three of ten; it adds a tenth to their actions. */
const world = { people: 100_000, holdoutShare: 0.1, reach: 0.3, acts: 0.05, actsIfReached: 0.1, added: 0.01 };
const campaigns = 200;

/** Three ways to compare, on the same people. */
const methods = ['shown by not shown', 'all by all held out', 'ghost ads'] as const;

export function ghostAdsCommand(): Command {
  return new Command('ghost-ads')
    .description('What ghost ads say of a campaign whose effect is known, beside comparisons without them.')
    .action(() => {
      const found = Array.from({ length: campaigns }, (_, seed) => liftsOf(seed + 1));
      const rows = methods.map((method, i) => {
        const own = found.map((run) => run[i]!);
        const mean = own.reduce((sum, { value }) => sum + value, 0) / campaigns;
        const width = own.reduce((sum, { low, high }) => sum + high - low, 0) / campaigns;
        const holds = own.filter(({ low, high }) => low <= world.added && high >= world.added).length;
        return [method, mean.toFixed(4), width.toFixed(4), `${holds} of ${campaigns}`];
      });
      print(
        `Added by the campaign: ${world.added} actions a person that it reaches; ${world.people} people.\n`,
      );
      const columns = ['', 'mean estimate', 'mean width of the interval', 'intervals with the truth'];
      for (const line of tableLines({ columns, rows })) print(line);
    });
}

/** By method, in actions a person that the campaign reaches. */
function liftsOf(seed: number): { value: number; low: number; high: number }[] {
  const stream = randomStream(seed);
  const [shown, others, ghosts, all, heldOut] = Array.from({ length: 5 }, () => new Moments()) as [Moments, Moments, Moments, Moments, Moments]; // prettier-ignore
  for (let i = 0; i < world.people; i++) {
    const isReached = nextUnit(stream) < world.reach;
    const isHeldOut = nextUnit(stream) < world.holdoutShare;
    const rate = (isReached ? world.actsIfReached : world.acts) + (isReached && !isHeldOut ? world.added : 0);
    const outcome = { numerator: Number(nextUnit(stream) < rate), denominator: 1, covariate: 0 };
    (isHeldOut ? heldOut : all).add(outcome);
    if (isReached) (isHeldOut ? ghosts : shown).add(outcome);
    if (!isReached || isHeldOut) others.add(outcome);
  }
  const ofAll = compareArms(heldOut, all, all.users).raw;
  const reach = shown.users / all.users;
  const naive = compareArms(others, shown, shown.users).raw;
  const { effect } = ghostAdLift(shown, ghosts, { holdoutShare: world.holdoutShare, spentMicros: 0 });
  return [
    { value: naive.difference, ...naive.interval },
    { value: ofAll.difference / reach, low: ofAll.interval.low / reach, high: ofAll.interval.high / reach },
    { value: effect.difference, ...effect.interval },
  ];
}
