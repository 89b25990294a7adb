import type { DataFolder } from '../../../graph-data/index.ts';
import { storageProblem } from '../storage-problem.ts';
import type { CallWriterData, CallWrites } from './call-messages.ts';
import { CommitThread, type CommitThreadOptions } from './commit-thread.ts';

/** Methods of a store. */
type MethodsOf<Store> = {
  readonly [Name in keyof Store]: Store[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Result
    : never;
};

/** A writer whose requests are calls of a store: one transaction a call. Starts with the first use. */
export class CallThread<Store> extends CommitThread<CallWrites> {
  constructor(
    file: URL,
    folder: DataFolder,
    { busyMs = 5_000, ...options }: CommitThreadOptions & { busyMs?: number },
  ) {
    const data: CallWriterData = { dataFolder: folder.root, busyMs };
    super(file, data, options);
  }

  /** Calls a method of the store. Rejects with the problems `overloaded` and `storage-unavailable`. */
  async call<Name extends keyof Store & string>(
    name: Name,
    ...args: Parameters<MethodsOf<Store>[Name]>
  ): Promise<ReturnType<MethodsOf<Store>[Name]>> {
    const outcome = await this.add({ name, args }, { changes: 1, client: '' });
    if ('unstored' in outcome) throw storageProblem(outcome.unstored.reason, outcome.unstored.detail);
    return outcome.result as ReturnType<MethodsOf<Store>[Name]>;
  }
}
