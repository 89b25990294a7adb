import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Stage } from './dockerfile.ts';

/** The files of an image after its instructions. */
export interface PlainImage {
  /** Stands for `/` of the last stage. */
  readonly root: string;
  /** Its working directory. */
  readonly workdir: string;
}

interface RunOptions {
  readonly stages: readonly Stage[];
  /** The files that Docker would get. */
  readonly context: string;
  /** Names that `COPY . .` leaves out: `node_modules`, `*.tgz`. */
  readonly ignored: readonly string[];
  /** Each stage gets a folder in it. */
  readonly into: string;
  readonly log: (line: string) => void;
}

/**
 * Does what the instructions of a Dockerfile do to files, each stage in a plain folder that stands for its `/`: `WORKDIR`,
 * `COPY` and `RUN`. Owners are left out, since this machine need not have the user `node`. Throws when a command fails.
 */
export function runStages({ stages, context, ignored, into, log }: RunOptions): PlainImage {
  const roots = new Map<string, string>();
  let image = { root: '', workdir: '' };
  for (const [i, stage] of stages.entries()) {
    const root = path.join(into, stage.name || `stage-${i}`);
    roots.set(stage.name, root);
    let workdir = root;
    mkdirSync(root, { recursive: true });
    const placeOf = (given: string): string =>
      path.resolve(workdir, path.isAbsolute(given) ? root + given : given);
    for (const { name, flags, value } of stage.instructions) {
      if (name === 'WORKDIR') {
        workdir = placeOf(value);
        mkdirSync(workdir, { recursive: true });
      } else if (name === 'COPY') {
        const stageRoot = flags['from'] === undefined ? undefined : roots.get(flags['from'])!;
        const from = stageRoot ?? context;
        const leftOut = stageRoot === undefined ? ignored : [];
        const names = value.split(/\s+/);
        const target = placeOf(names.pop()!);
        for (const each of names)
          copy(path.join(from, each), names.length > 1 ? path.join(target, each) : target, leftOut);
      } else if (name === 'RUN') {
        log(`${stage.name || 'image'}: ${value}`);
        run(
          value.replaceAll(/ --(owner|group)=\S+/g, '').replaceAll(/(?<=\s)\/(?=\w)/g, `${root}/`),
          workdir,
        );
      }
    }
    image = { root, workdir };
  }
  return image;
}

/** The patterns of a file such as `.dockerignore`. */
export function ignoredBy(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean);
}

function copy(from: string, to: string, ignored: readonly string[]): void {
  cpSync(from, to, {
    recursive: true,
    // Only entries at the top of the context, as Docker does.
    filter: (source) =>
      path.dirname(source) !== from || !ignored.some((pattern) => matches(path.basename(source), pattern)),
  });
}

function matches(name: string, pattern: string): boolean {
  return pattern.startsWith('*') ? name.endsWith(pattern.slice(1)) : name === pattern;
}

function run(command: string, cwd: string): void {
  const PATH = `${path.dirname(process.execPath)}:${process.env['PATH']}`;
  const { status } = spawnSync('sh', ['-ec', command], {
    cwd,
    env: { ...process.env, PATH },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`${command}: exit code ${status}`);
}
