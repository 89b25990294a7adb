import { findOwnModules } from '../../../graph-data/base/index.ts';

findOwnModules();
await import('./walk-worker.ts');
