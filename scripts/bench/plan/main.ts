import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { nextBelow, randomStream } from '../../../engine/index.ts';
import {
  type DataFolder,
  InteractionWriter,
  NotificationStore,
  activateSnapshot,
  buildSnapshot,
  importRows,
  listSnapshots,
  notificationsFile,
  openDataFolder,
  syntheticRows,
} from '../../../graph-data/index.ts';
import { integer, jsonOption } from '../../commands/shared/options.ts';
import { bytesText, print, printJson, thousands } from '../../output.ts';
import { describeMachine } from '../case.ts';
import type { PlanMeasure } from './plan-child.ts';

interface Options {
  readonly people: number;
  readonly users?: number;
  readonly saves: number;
  readonly pins: number;
  readonly impressions: number;
  readonly preset?: string;
  readonly data?: string;
  readonly json?: true;
}

const dayMs = 86_400_000;
const at = Date.UTC(2026, 10, 30, 6);
/** Of the interactions that are written at once. */
const batch = 10_000;
/** A prime, so that no person comes twice. */
const spreadBy = 7_919;
const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'UTC'];

await new Command('bench:plan')
  .description('Plans notifications for the people of a generated graph: people a second of one core, and memory.')
  .option('--people <n>', 'people with a channel', integer(100), 50_000)
  .option('--users <n>', 'users of the graph: these people and others (default: these people)', integer(100))
  .option('--saves <n>', 'saves of all users', integer(1_000), 5_000_000)
  .option('--pins <n>', 'pins', integer(100), 500_000)
  .option('--impressions <n>', 'pins that each person has seen in the last days', integer(0), 20)
  .option('--preset <name>', 'preset that retrieves the pins of a person')
  .option('--data <dir>', 'folder to fill and to keep; what it has from such a run before is used')
  .addOption(jsonOption())
  .action(async ({ people, users = people, saves, pins, impressions, preset, data, json }: Options) => {
    const temporary = mkdtempSync(path.join(tmpdir(), 'pinwalk-bench-'));
    try {
      const folder = openDataFolder(data ?? path.join(temporary, 'data'));
      const sizes = { pins, boards: 2 * users, saves, users };
      if (listSnapshots(folder).length === 0) {
        await importRows(folder, [{ name: 'synthetic', rows: syntheticRows(sizes) }]);
        addImpressions(folder, people, users, pins, impressions);
        activateSnapshot(folder, (await buildSnapshot(folder, () => performance.now())).version);
      }
      // People who were notified in a run before would be left out.
      for (const end of ['', '-wal', '-shm']) rmSync(notificationsFile(folder) + end, { force: true });
      addChannels(folder, people, users);
      const child = path.join(import.meta.dirname, 'plan-child.ts');
      const { stdout } = await promisify(execFile)(process.execPath, [child, folder.root, String(at), ...(preset === undefined ? [] : [preset])]);
      const measure = JSON.parse(stdout) as PlanMeasure;
      const report = { machine: describeMachine(), ...sizes, impressions, ...measure };
      if (json === true) printJson(report);
      else for (const line of linesOf(report)) print(line);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  })
  .parseAsync(); // prettier-ignore

/** A person of the benchmark: they are spread over all users, since neighbors share pages of the database. */
function userOf(person: number, users: number): string {
  return `user-${(person * spreadBy) % users}`;
}

function addChannels(folder: DataFolder, people: number, users: number): void {
  const store = new NotificationStore(folder, 1_000);
  for (let person = 0; person < people; person++) {
    const timeZone = zones[person % zones.length]!;
    const quietHours = { startMinute: 22 * 60, endMinute: 7 * 60 };
    const settings = { consent: true, timeZone, quietHours, caps: {}, language: 'en' };
    store.putChannels(userOf(person, users), [{ kind: 'inbox', address: '', ...settings }], at - dayMs);
  }
  store.close();
}

function addImpressions(folder: DataFolder, people: number, users: number, pins: number, each: number): void {
  const writer = new InteractionWriter(folder, 1_000);
  const stream = randomStream(5);
  const all = people * each;
  for (let from = 0; from < all; from += batch) {
    const rows = Array.from({ length: Math.min(batch, all - from) }, (_, i) => ({
      kind: 'impression',
      user: userOf((from + i) % people, users),
      pin: `pin-${nextBelow(stream, pins)}`,
      surface: 'home',
      at: at - dayMs - nextBelow(stream, 7 * 86_400) * 1_000,
    }));
    writer.apply([{ rows, time: at }]);
  }
  writer.close();
}

function linesOf(of: PlanMeasure & { machine: string; saves: number; impressions: number }): string[] {
  const rate = of.people / of.processorSeconds;
  return [
    of.machine,
    `${thousands(of.people)} people, ${thousands(of.saves)} saves, ${of.impressions} impressions each; ${thousands(of.planned)} planned`,
    `${thousands(Math.round(rate))} people a second of one core (${of.seconds.toFixed(1)} s, ${of.processorSeconds.toFixed(1)} s of processor time); ${of.openSeconds.toFixed(1)} s to begin`,
    `memory: ${bytesText(of.residentAtTenth)} after a tenth of the people, ${bytesText(of.residentAtEnd)} at the end`,
  ];
}
