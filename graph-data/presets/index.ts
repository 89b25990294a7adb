export { addPreset, checkPresetName, presetsFile, readPresets, removePreset } from './preset-file.ts';
