import { runForParent } from '../threads/index.ts';
import { loadFor } from './load-task.ts';

await runForParent(loadFor);
