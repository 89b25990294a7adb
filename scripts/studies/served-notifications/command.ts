import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { openDataFolder } from '../../../graph-data/index.ts';
import { integer } from '../../commands/shared/options.ts';
import { print } from '../../output.ts';
import { type PlannedOffer, comparePlans } from './compare-plans.ts';
import { Loop } from './loop.ts';
import { pinwalk } from './pinwalk.ts';
import { receivers } from './receivers.ts';
import { World } from './world.ts';

interface Options {
  readonly people: number;
  readonly days: number;
  readonly trainAfter: number;
  readonly seed: number;
}

const [pinCount, boardCount, saveCount, userCount, topicCount] = [1_500, 900, 16_000, 300, 15];
const [dayMs, hourMs] = [86_400_000, 3_600_000];
/** The clock of the server is simulated: weeks take seconds. */
const start = Date.UTC(2026, 8, 1);
/** Of the day, UTC: when plans are made. */
const planHour = 5;
const perWeek = 4;
const webhookSecret = 'known to the server and to the application that it calls';

export function servedNotificationsCommand(): Command {
  return new Command('served-notifications')
    .description(
      'Notifications from nothing: a sample graph, people with channels, plans, delivery by SMTP and webhook, clicks, a model, a better plan.',
    )
    .option('--people <n>', 'people with a channel', integer(2, userCount), 100)
    .option('--days <n>', 'days that are planned', integer(2, 60), 14)
    .option('--train-after <n>', 'days after which a model is trained', integer(1, 59), 7)
    .option('--seed <n>', 'of the people', integer(0), 1)
    .action(run);
}

async function run({ people, days, trainAfter, seed }: Options): Promise<void> {
  const root = mkdtempSync(path.join(tmpdir(), 'pinwalk-notifications-'));
  try {
    const data = path.join(root, 'data');
    const world = new World(people, pinCount, seed);
    await importSample(root, data);
    await using arriving = await receivers(webhookSecret);
    await using loop = await Loop.open(openDataFolder(data), world, arriving, { webhookSecret, start });
    await loop.agree();
    print(`${people} people agreed to be notified.`);
    const parts = [
      { name: 'without a model', sent: 0, clicked: 0 },
      { name: 'with it', sent: 0, clicked: 0 },
    ] satisfies [Part, Part];
    for (let day = 0; day < days; day++) {
      const at = start + day * dayMs + planHour * hourMs;
      loop.setClock(at);
      if (day === trainAfter) await train(data, world, at);
      const { planned, heldBack } = await plan(data, at);
      const came = await loop.live(24);
      const held = Object.values(heldBack).reduce((sum, count) => sum + count, 0);
      print(`${dateOf(at)}: ${planned} planned, ${held} held back; ${came.email} e-mails and ${came.webhook} webhooks came, ${came.clicked} were clicked`); // prettier-ignore
      const part = parts[day < trainAfter ? 0 : 1];
      part.sent += came.email + came.webhook;
      part.clicked += came.clicked;
    }
    print(parts.map(({ name, sent, clicked }) => `${name}, ${clicked} of ${sent} were clicked (${percent(clicked / sent)})`).join('; ')); // prettier-ignore
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The sample graph, with a title and an address for each pin. */
async function importSample(root: string, data: string): Promise<void> {
  const pins = path.join(root, 'pins.csv');
  const lines = Array.from({ length: pinCount }, (_, pin) => `pin-${pin},Pin ${pin},https://pins.example/${pin}`);
  writeFileSync(pins, `pin,title,url\n${lines.join('\n')}\n`);
  await pinwalk('sample', 'synthetic', '--pins', String(pinCount), '--boards', String(boardCount), '--saves', String(saveCount), '--users', String(userCount), '--topics', String(topicCount), '--data', data); // prettier-ignore
  await pinwalk('import', pins, '--data', data);
  await pinwalk('build', '--data', data);
  print(`A sample graph of ${pinCount} pins and ${saveCount} saves.`);
} // prettier-ignore

interface Part {
  readonly name: string;
  sent: number;
  clicked: number;
}

interface Plan {
  readonly planned: number;
  readonly heldBack: Readonly<Record<string, number>>;
  readonly decisions?: readonly PlannedOffer[];
}

async function plan(data: string, at: number, ...flags: string[]): Promise<Plan> {
  const options = ['--at', new Date(at).toISOString(), '--notify-per-week', String(perWeek), '--data', data];
  return JSON.parse(await pinwalk('notify', 'plan', ...options, '--json', ...flags)) as Plan;
}

/** Trains a model on the clicks so far, activates it, and prints the changes in today's plan. */
async function train(data: string, world: World, at: number): Promise<void> {
  const before = await plan(data, at, '--dry-run');
  const { version, rows, quality } = JSON.parse(await pinwalk('train', '--label', 'click', '--data', data, '--json')) as Trained; // prettier-ignore
  await pinwalk('models', 'activate', version, '--data', data);
  const after = await plan(data, at, '--dry-run');
  print(`A model of clicks, trained on ${rows.train + rows.calibrate} impressions: AUC ${quality?.auc.value.toFixed(3) ?? 'unknown'}. It ranks from now on.`); // prettier-ignore
  const compared = comparePlans(world, before.decisions ?? [], after.decisions ?? []);
  print(
    `The plan of ${dateOf(at)}, made twice: true clicks a notification ${percent(compared.before)} without the model, ${percent(compared.after)} with it; ` +
      `difference ${percent(compared.low)} to ${percent(compared.high)}`,
  );
}

interface Trained {
  readonly version: string;
  readonly rows: { readonly train: number; readonly calibrate: number };
  readonly quality: { readonly auc: { readonly value: number } } | null;
}

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1).replace('-', '−')} %`;
}
