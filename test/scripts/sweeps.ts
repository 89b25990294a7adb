import { writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { nextBelow, randomStream } from '../../engine/index.ts';

/** Writes saves of 200 users in ten circles: each user has about eight of the twelve pins of a circle, and one other. */
export function writeCircles(folder: string): string {
  const stream = randomStream(11);
  const rows = new Set<string>();
  for (let user = 0; user < 200; user++) {
    for (let i = 0; i < 13; i++) {
      const circle = i < 12 ? user % 10 : nextBelow(stream, 10);
      rows.add(`u${user}\tp${circle * 12 + nextBelow(stream, 12)}`);
    }
  }
  const file = path.join(folder, 'circles.tsv');
  writeFileSync(file, `${[...rows].join('\n')}\n`);
  return file;
}

/** Writes a sweep file beside the saves, and returns its path. */
export function writeSweep(folder: string, name: string, lines: readonly string[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/** How many trials a sweep has stored; none until it has created the file and its table. */
export function storedTrials(results: string): number {
  try {
    const database = new Database(results, { readonly: true });
    try {
      return database.prepare('SELECT count(*) FROM trials').pluck().get() as number;
    } finally {
      database.close();
    }
  } catch {
    return 0;
  }
}

/** The reproducible part of a report: without times. */
export function withoutTimes(json: string): string {
  return JSON.stringify(JSON.parse(json), (name, value: unknown) =>
    name === 'measured' ? undefined : value,
  );
}
