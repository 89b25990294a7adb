import { appendFileSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { runForParent } from '../../api/runtime/threads/index.ts';

const { file } = workerData as { file: string };
appendFileSync(file, 'loaded\n');
await runForParent<unknown, string>(() => {
  appendFileSync(file, 'working\n');
  return 'done';
});
