import { expect, test, vi } from 'vitest';
import { stoppable } from '../../scripts/output.ts';

test('a Ctrl-C that npm forwards a second time does not end work that cleans up; a later one does', async () => {
  const before = process.rawListeners('SIGINT');
  const handlers = () => process.rawListeners('SIGINT').filter((listener) => !before.includes(listener));
  await stoppable(async (signal) => {
    const [handler] = handlers();
    handler!('SIGINT');
    expect(signal.aborted).toBe(true);
    // Without a handler, the second one would end the process before it has cleaned up.
    expect(handlers()).toEqual([handler]);
    handler!('SIGINT');
    await vi.waitFor(() => expect(handlers()).toEqual([]), 30_000);
  });
});
