import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const stopMsMax = 20_000;

/** Types commands into a shell, in one folder, with one server at a time. Every process that it starts ends with it. */
export class Reader implements AsyncDisposable {
  readonly #cwd: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #signal: AbortSignal;
  #server: { readonly child: ChildProcess; readonly ended: Promise<unknown> } | undefined;

  /** `signal` ends whatever runs. */
  constructor(cwd: string, env: NodeJS.ProcessEnv, signal: AbortSignal) {
    this.#cwd = cwd;
    this.#env = env;
    this.#signal = signal;
  }

  /** Runs a command to its end. */
  async run(command: string): Promise<Ran> {
    const child = this.#start(command);
    let [stdout, stderr] = ['', ''];
    child.stdout!.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr!.on('data', (text: Buffer) => (stderr += text.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    if (this.#signal.aborted) throw new Error(`out of time during: ${command}`);
    return { code, stdout, stderr };
  }

  /** Starts a server in place of the one that runs, and resolves with what it has printed once it is ready. */
  async serve(command: string, isReady: () => Promise<boolean>): Promise<string> {
    await this.stop();
    const child = this.#start(command);
    let printed = '';
    child.stdout!.on('data', (text: Buffer) => (printed += text.toString()));
    child.stderr!.on('data', (text: Buffer) => (printed += text.toString()));
    this.#server = { child, ended: once(child, 'close') };
    while (!(await isReady())) {
      if (this.#signal.aborted) throw new Error(`out of time during: ${command}\n${printed}`);
      if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}:\n${printed}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return printed;
  }

  /** Ctrl-C: every process of the server's group gets SIGINT. */
  async stop(): Promise<void> {
    if (this.#server === undefined) return;
    const { child, ended } = this.#server;
    this.#server = undefined;
    const late = setTimeout(() => kill(child, 'SIGKILL'), stopMsMax);
    kill(child, 'SIGINT');
    await ended;
    clearTimeout(late);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #start(command: string): ChildProcess {
    const child = spawn('sh', ['-c', command], {
      cwd: this.#cwd,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const abort = (): void => kill(child, 'SIGKILL');
    this.#signal.addEventListener('abort', abort);
    child.once('close', () => this.#signal.removeEventListener('abort', abort));
    return child;
  }
}

function kill({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid!, signal);
  } catch {
    // The group has ended.
  }
}
