export {
  addPreset,
  checkPresetName,
  presetsFile,
  readPresets,
  removePreset,
  reservedNames,
} from './preset-file.ts';
