import { expect, test } from 'vitest';
import { pinwalk } from './command.ts';

const small = ['notify', 'simulate', '--people', '200', '--weeks', '2', '--seeds', '2'];

test('notify simulate prints the policies with intervals, and JSON of them', async () => {
  const { code, stdout } = await pinwalk(...small);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ours +[\d,]+ +[\d,]+ +[\d,]+ +[+−][\d.]+ % \[/m);
  expect(stdout).toContain('200 people, 2 weeks, seeds 1 to 2.');
  const { policies } = JSON.parse((await pinwalk(...small, '--set', 'fatigue=0.3', '--json')).stdout) as {
    policies: { name: string; versusCap: { opens: { low: number; high: number } } }[];
  };
  expect(policies.map(({ name }) => name)).toContain('ours, if it knew the truth');
  for (const { versusCap } of policies)
    expect(versusCap.opens.high).toBeGreaterThanOrEqual(versusCap.opens.low);
});

test('notify simulate refuses a parameter that the click model does not have, and values outside its range', async () => {
  const unknown = await pinwalk(...small, '--set', 'luck=1');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('there are openRate, personSpread');
  expect((await pinwalk(...small, '--vary', 'fatigue=0,7')).code).toBe(2);
});
