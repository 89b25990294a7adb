import { Command } from 'commander';
import { earlyStopCommand } from './early-stop.ts';
import { pruningCommand } from './pruning.ts';
import { soakPlotCommand } from './soak-plot.ts';
import { sweepPlotCommand } from './sweep-plot.ts';

await new Command('experiment')
  .description('Reruns the studies of docs/: measurements that settled a question.')
  .addCommand(earlyStopCommand())
  .addCommand(pruningCommand())
  .addCommand(soakPlotCommand())
  .addCommand(sweepPlotCommand())
  .parseAsync();
