export {
  type OwnPresets,
  addPreset,
  checkPresetName,
  presetsFile,
  readPresets,
  removePreset,
  reservedNames,
} from './preset-file.ts';
