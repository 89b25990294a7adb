import type { TuneReport, TunedResult } from '../../../api/offline/tune-presets/index.ts';
import { type Attempt, type Params, z95 } from '../../../engine/index.ts';
import { thousands } from '../../output.ts';
import { figureText, intervalText, signedText, tableLines } from './format.ts';

/** What tuning found, and what each lever is worth on this data, as lines of text. */
export function tuneText(report: TuneReport, isKept: boolean): string[] {
  const { k, heldOut, share, randomSeed, results, tooFew } = report;
  const which = heldOut === 'latest' ? 'the latest' : 'a random';
  const all = { 0.1: 'tenth' }[share] ?? `share of ${share}`;
  const lines = [
    `By NDCG@${k} of what was held out: ${which} ${all} of every user's saves, seed ${randomSeed}.`,
  ];
  for (const result of results) lines.push('', ...resultText(result, isKept));
  for (const preset of tooFew)
    lines.push('', `${preset}: too few queries with something held out; the default stays`);
  return lines;
}

function resultText(result: TunedResult, isKept: boolean): string[] {
  const { preset, outcome, confirmation, users, ended, changes, isExact } = result;
  const noun = preset === 'feed' ? 'users' : 'boards';
  const use = outcome === 'chosen' ? (isKept ? 'tuned' : 'would be tuned') : 'the default stays';
  const how = isExact && outcome === 'chosen' ? ', with exact scores in place of its walk' : '';
  const lines = [`${preset}: ${use}${how}`];
  if (users.chose > 0) lines.push(`${thousands(users.chose)} ${noun} chose`);
  else lines.push('every user has one board: the levers of feed were tried');
  if (confirmation === null) {
    lines.push(
      Object.keys(changes).length === 0
        ? 'no other value was better by the margin'
        : 'not confirmed for want of time',
    );
  } else {
    const { ndcg, recall, confidence } = confirmation;
    const level = `${(100 * confidence).toFixed(1)} %`;
    const of = ({ byDefault, chosen, difference, interval }: typeof ndcg): string =>
      `${figureText(byDefault)} → ${figureText(chosen)}, ${signedText(difference)} ${intervalText(interval, signedText)}`;
    lines.push(
      `on ${thousands(users.confirmed)} others, with ${level} intervals: NDCG ${of(ndcg)}; recall ${of(recall)}`,
    );
    if (outcome === 'default') lines.push('not confirmed: what chose it may have been chance');
  }
  if (ended === 'work')
    lines.push('the planned work was done before all values were tried: more --seconds try more');
  if (ended === 'clock') {
    lines.push('ended early by the clock: another machine may find more; more --seconds make it replayable');
  }
  const table = leverRows(result);
  return [...lines, ...(table.length === 0 ? [] : tableLines({ columns, rows: table }))];
}

const columns = ['lever', 'default', 'chosen', 'worth, where it was chosen'];

/** One row a lever: the kept value and its difference, or the best of the other values. */
function leverRows({ attempts, changes, levers }: TunedResult): string[][] {
  return Object.entries(levers).map(([name, byDefault]) => {
    const of = attempts.filter((each) => name in each.changes);
    const kept = of.findLast((each) => each.isKept);
    const alone = of.filter((each) => Object.keys(each.changes).length === 1);
    const most = alone.reduce((max, { users }) => Math.max(max, users), 0);
    const [best] = alone
      .filter(({ users }) => users === most)
      .toSorted((a, b) => b.difference - a.difference);
    const chosen = String(changes[name] ?? byDefault);
    if (kept !== undefined)
      return [name, String(byDefault), chosen, `${worth(kept)}${beside(kept.changes, name)}`];
    return [
      name,
      String(byDefault),
      chosen,
      best === undefined ? '–' : `${String(best.changes[name])}: ${worth(best)}`,
    ];
  });
}

function worth({ difference, error }: Attempt): string {
  const [low, high] = [difference - z95 * error, difference + z95 * error];
  return `${signedText(difference)} ${intervalText({ low, high }, signedText)}`;
}

function beside(changes: Params, name: string): string {
  const others = Object.keys(changes).filter((each) => each !== name);
  return others.length === 0 ? '' : ` with ${others.join(', ')}`;
}
