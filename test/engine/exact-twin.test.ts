import { expect, test } from 'vitest';
import { changeSettings, exactTwinOf, presets, resolvePipeline } from '../../engine/index.ts';

test('the exact twin of feed is feed-exact, and takes its levers along', () => {
  const twin = exactTwinOf(presets.feed)!;
  expect(resolvePipeline(twin)).toEqual(resolvePipeline(presets['feed-exact']));
  const changed = changeSettings(presets.feed, {
    specificity: 0.3,
    orderDecay: 0.9,
    popularityDiscount: 0.2,
  });
  expect(resolvePipeline(exactTwinOf(changed)!)).toMatchObject({
    candidates: { algorithm: 'paths', params: { z: 0.2 }, orderDecay: 0.9 },
    score: { specificity: 0.3 },
  });
});

test('settings that walk further, or score visits otherwise, have no exact twin', () => {
  for (const params of [
    { restartProbability: 0.5 },
    { stepShares: 'paper' },
    { lastHop: 'drawn', sharpening: 0 },
  ]) {
    const sharpening = 'lastHop' in params ? { boardSharpening: 0 } : {};
    expect(exactTwinOf(changeSettings(presets.feed, { ...params, ...sharpening }))).toBeUndefined();
  }
  expect(exactTwinOf(presets.related)).toBeUndefined();
  expect(exactTwinOf(presets['feed-exact'])).toBeUndefined();
});
