export { fetchNpmSample, npmSampleSources } from './npm-sample.ts';
export {
  type SyntheticBoard,
  type SyntheticOptions,
  syntheticBoards,
  syntheticDefaults,
  syntheticRows,
} from './synthetic.ts';
