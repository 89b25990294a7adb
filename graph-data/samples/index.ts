export { fetchNpmSample, npmSampleSources } from './npm-sample.ts';
export { syntheticBoards, syntheticDefaults, syntheticRows } from './synthetic.ts';
