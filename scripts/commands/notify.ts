import { Command } from 'commander';
import { simulateCommand } from './shared/notify-simulate.ts';

/** `pinwalk notify` and its subcommands. */
export function notifyCommand(): Command {
  return new Command('notify')
    .description('Notifications: what a policy would bring.')
    .addCommand(simulateCommand());
}
