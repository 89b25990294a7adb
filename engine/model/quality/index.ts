export { type CalibrationBin, calibrationBins } from './calibration.ts';
export { type Figure, type ModelQuality, calibrationBinCount, modelQuality } from './model-quality.ts';
