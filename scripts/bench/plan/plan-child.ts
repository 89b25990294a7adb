import { openPlanner, planDefaults, planRun, runPlan } from '../../../api/notifications/index.ts';
import { NotificationStore, loadActiveSnapshot, openDataFolder } from '../../../graph-data/index.ts';

/** Time and memory of a plan. Processor time is that of all threads of the process. */
export interface PlanMeasure {
  readonly people: number;
  readonly planned: number;
  /** To read the graph, and the log. */
  readonly openSeconds: number;
  readonly seconds: number;
  readonly processorSeconds: number;
  /** Resident memory once a tenth of the people is planned, and at the end. */
  readonly residentAtTenth: number;
  readonly residentAtEnd: number;
}

/** Plans for everybody in the data folder argv[2] as of argv[3], and prints a {@link PlanMeasure}. */
const folder = openDataFolder(process.argv[2]!);
const at = Number(process.argv[3]);
// Of another campaign each time: a folder serves again.
const preset = process.argv[4] ?? planDefaults.preset;
const policy = { ...planDefaults, holdout: 0, preset, campaign: `bench-${Date.now()}` };
const began = performance.now();
const snapshot = loadActiveSnapshot(folder, (fault) => {
  throw fault;
});
using opened = openPlanner({ folder, snapshot, policy, at, onWarning: (text) => process.stderr.write(text) });
const people = opened.reader.count();
const run = planRun(undefined, policy, { at, seed: 1, people })!;
const store = new NotificationStore(folder, 1_000);
const openSeconds = (performance.now() - began) / 1_000;
const started = performance.now();
const cpu = process.cpuUsage();
let residentAtTenth = 0;
const report = await runPlan({
  ...opened,
  store,
  run,
  before: undefined,
  onDecisions: (_decisions, { done }) => {
    if (residentAtTenth === 0 && done >= people / 10) residentAtTenth = process.memoryUsage.rss();
  },
});
const { user, system } = process.cpuUsage(cpu);
store.close();
const measure: PlanMeasure = {
  people: report.people,
  planned: report.planned,
  openSeconds,
  seconds: (performance.now() - started) / 1_000,
  processorSeconds: (user + system) / 1e6,
  residentAtTenth,
  residentAtEnd: process.memoryUsage.rss(),
};
process.stdout.write(JSON.stringify(measure));
