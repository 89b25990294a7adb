import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';

type MakeCommand = () => Promise<Command>;

/** In the order of the help. Only the module of the named command is imported, since each loads most of pinwalk. */
const commands: Readonly<Record<string, MakeCommand>> = {
  import: async () => (await import('./commands/import.ts')).importCommand(),
  sample: async () => (await import('./commands/sample.ts')).sampleCommand(),
  dataset: async () => (await import('./commands/dataset.ts')).datasetCommand(),
  estimate: async () => (await import('./commands/estimate.ts')).estimateCommand(),
  build: async () => (await import('./commands/build.ts')).buildCommand(),
  snapshots: async () => (await import('./commands/snapshots.ts')).snapshotsCommand(),
  recommend: async () => (await import('./commands/recommend.ts')).recommendCommand(),
  walk: async () => (await import('./commands/walk.ts')).walkCommand(),
  evaluate: async () => (await import('./commands/evaluate.ts')).evaluateCommand(),
  compare: async () => (await import('./commands/compare.ts')).compareCommand(),
  sweep: async () => (await import('./commands/sweep.ts')).sweepCommand(),
  experiments: async () => (await import('./commands/experiments.ts')).experimentsCommand(),
  offpolicy: async () => (await import('./commands/offpolicy.ts')).offPolicyCommand(),
  tune: async () => (await import('./commands/tune.ts')).tuneCommand(),
  train: async () => (await import('./commands/train.ts')).trainCommand(),
  models: async () => (await import('./commands/models.ts')).modelsCommand(),
  interests: async () => (await import('./commands/interests.ts')).interestsCommand(),
  presets: async () => (await import('./commands/presets.ts')).presetsCommand(),
  export: async () => (await import('./commands/export.ts')).exportCommand(),
  backup: async () => (await import('./commands/backup.ts')).backupCommand(),
  restore: async () => (await import('./commands/backup.ts')).restoreCommand(),
  publish: async () => (await import('./commands/publish.ts')).publishCommand(),
  keys: async () => (await import('./commands/keys.ts')).keysCommand(),
  serve: async () => (await import('./commands/serve.ts')).serveCommand(),
  start: async () => (await import('./commands/serve.ts')).startCommand(),
  notify: async () => (await import('./commands/notify.ts')).notifyCommand(),
  report: async () => (await import('./commands/report.ts')).reportCommand(),
  config: async () => (await import('./commands/config.ts')).configCommand(),
};

/** Runs one command line and sets the exit code: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', (error) => void endOn(error));
  const program = new Command('pinwalk')
    .description('A recommender engine: random walks over a graph of users, boards and pins.')
    .version(ownVersion())
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C.

Examples:
  pinwalk import saves.tsv.gz pins.csv     import saves and titles
  pinwalk build                            build a snapshot and activate it
  pinwalk serve                            serve the REST API
  pinwalk recommend --pin express          run one query without a server`,
    );
  const loaded = await Promise.all(named(argv).map(async (make) => make()));
  for (const command of loaded) program.addCommand(command);
  for (const command of [program, ...loaded, ...loaded.flatMap((each) => each.commands)]) {
    command.exitOverride().showHelpAfterError('(see --help)');
  }
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    // Commander prints its own errors, and throws after a help text too.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else (await import('./errors.ts')).report(error);
  }
}

async function endOn(error: Error): Promise<void> {
  (await import('./output.ts')).endOn(error);
}

/** The command named on the command line; if none is, all commands, for the help or a suggestion. */
function named([, , first, second]: readonly string[]): MakeCommand[] {
  const name = first === 'help' ? second : first;
  const found = Object.entries(commands).filter(([each]) => each === name);
  return (found.length > 0 ? found : Object.entries(commands)).map(([, make]) => make);
}

function ownVersion(): string {
  const require = createRequire(import.meta.url);
  return (require('pinwalk/package.json') as { readonly version: string }).version;
}
