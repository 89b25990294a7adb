export const sampleNames = ['npm', 'synthetic'] as const;
export type SampleName = (typeof sampleNames)[number];
