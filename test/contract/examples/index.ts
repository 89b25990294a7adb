import { campaigns } from './campaigns.ts';
import type { Examples } from './example.ts';
import { experiments } from './experiments.ts';
import { interests } from './interests.ts';
import { notifications } from './notifications.ts';
import { operations } from './operations.ts';
import { reading } from './reading.ts';
import { writing } from './writing.ts';

export { type Example, type ExampleOf, fillForExamples } from './example.ts';
export { unprovokable } from './unprovokable.ts';

export const examples: Examples = {
  ...reading,
  ...writing,
  ...interests,
  ...experiments,
  ...campaigns,
  ...notifications,
  ...operations,
};
