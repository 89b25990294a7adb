export {
  addPreset,
  checkPresetName,
  eraseFromPresets,
  presetsFile,
  readPresets,
  removePreset,
  tunedPresetsOf,
} from './preset-file.ts';
