import { Command } from 'commander';
import { pruningCommand } from './pruning.ts';

await new Command('experiment')
  .description('Reruns what was measured once to settle a question.')
  .addCommand(pruningCommand())
  .parseAsync();
