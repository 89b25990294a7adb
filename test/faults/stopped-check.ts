import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

/** Loaded into a server: the check of its database stops itself before Node starts, until a test lets it go on. */
const { execFile } = childProcess;
const starts = (file: string, args: readonly string[], ...rest: never[]): unknown => {
  if (!args.some((arg) => arg.includes('check-process'))) return execFile(file, args, ...rest);
  return execFile('/bin/sh', ['-c', 'kill -STOP $$; exec "$0" "$@"', file, ...args], ...rest);
};
Object.assign(childProcess, { execFile: starts });
syncBuiltinESMExports();
