/** Runs command lines one after another, for `pinwalk` of command.ts: to load the sources takes longer than most commands. */
import { main } from '../../scripts/pinwalk.ts';

/** From the parent: what follows `pinwalk`. */
export type Order = readonly string[];
/** To the parent: a part of the output, or the exit code at the end. */
export type Report =
  | { readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly code: number };

const send = (report: Report): void => void process.send!(report);

for (const stream of ['stdout', 'stderr'] as const) {
  process[stream].write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
    send({ stream, text: Buffer.from(chunk).toString() });
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
}

process.on('message', (order: Order) => {
  void (async () => {
    process.argv = [process.execPath, 'pinwalk', ...order];
    await main(process.argv);
    process.stdout.removeAllListeners('error');
    send({ code: Number(process.exitCode ?? 0) });
    process.exitCode = undefined;
  })();
});
