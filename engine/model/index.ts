export * from './features/index.ts';
export { Ftrl, type FtrlParams } from './ftrl.ts';
export { fitPlattByChannel, probabilityIn } from './platt.ts';
export { learnOnline } from './learn-online.ts';
export { outcomesOf } from './outcomes.ts';
export * from './quality/index.ts';
export * from './trees/index.ts';
export { Encoder } from './encoder.ts';
export { type ActionColumns, type ModelLog, featureRows, leakAt, shownAt } from './replay.ts';
