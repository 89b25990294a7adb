export {
  addPreset,
  checkPresetName,
  eraseFromPresets,
  presetsFile,
  readPresets,
  removePreset,
} from './preset-file.ts';
