export {
  addPreset,
  checkPresetName,
  eraseFromPresets,
  presetsFile,
  presetNameFault,
  presetNameForm,
  readPresets,
  removePreset,
  tunedPresetsOf,
} from './preset-file.ts';
