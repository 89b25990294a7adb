import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { forestFromLightGbm, outcomesOf } from '../../../engine/index.ts';
import { type Judged, judge } from './judge.ts';
import { type FeatureLog, treeOdds } from './learners.ts';
import type { Measured } from './measure.ts';
import { splitOf, windowMs } from './split.ts';

/** Writes all rows as little-endian float64, their outcomes and part (0 none, 1 train, 2 calibrate, 3 test) as bytes. */
export function writeRows(
  folder: string,
  { log, fields, rows, width }: FeatureLog,
  label: string,
  days: readonly [string, string, string],
): void {
  const outcomes = outcomesOf(log, fields.labels.indexOf(label), windowMs);
  const split = splitOf(log, days);
  const parts = new Uint8Array(log.count);
  for (const [i, part] of [split.train, split.calibrate, split.test].entries()) for (const row of part) parts[row] = i + 1; // prettier-ignore
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'rows.f64'), Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength));
  writeFileSync(path.join(folder, 'outcomes.u8'), outcomes.y);
  writeFileSync(path.join(folder, 'parts.u8'), parts);
  writeFileSync(path.join(folder, 'width.txt'), `${width}\n`);
}

/** Judges the model of LightGBM, evaluated here, and the log odds of scikit-learn that peers.py wrote. */
export function judgePeers(folder: string, of: FeatureLog, judged: Judged): Measured[] {
  const read = (name: string): Float64Array => {
    const bytes = readFileSync(path.join(folder, name));
    return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  };
  const own = treeOdds(of, forestFromLightGbm(readFileSync(path.join(folder, 'lightgbm.txt'), 'utf8')));
  const theirs = read('lightgbm.f64');
  const apart = own.reduce((max, odds, row) => Math.max(max, Math.abs(odds - theirs[row]!)), 0);
  if (!(apart <= 1e-12)) throw new Error(`LightGBM's own predictions differ by ${apart}`);
  const peers = { LightGBM: own, 'scikit-learn, logistic regression': read('logistic.f64') };
  return Object.entries(peers).map(([name, logOdds]) => ({ name, judgment: judge(logOdds, judged) }));
}
