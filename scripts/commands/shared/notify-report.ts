import { Command } from 'commander';
import { holdoutPlace, notificationReportBody } from '../../../api/notifications/index.ts';
import type { NotificationReportResponse } from '../../../api/contract/index.ts';
import { openExistingDataFolder } from '../../../graph-data/base/index.ts';
import { dayOf } from '../../../graph-data/interactions/index.ts';
import { notificationReport } from '../../../graph-data/notifications/index.ts';
import { print, printJson, printable, thousands } from '../../output.ts';
import { integer, jsonOption } from './options.ts';
import { type SettingFlags, readSettings, withSettings } from './setting-options.ts';

interface ReportFlags extends SettingFlags {
  readonly days: number;
  readonly json?: true;
}

/** `pinwalk notify report`. */
export function reportCommand(): Command {
  const command = new Command('report')
    .description('Report the notifications of the last days, and the effect of sending against the holdout.')
    .option('--days <n>', 'days (UTC), today included', integer(1, 60), 7)
    .addOption(jsonOption()); // prettier-ignore
  return withSettings(command).action(report);
}

function report({ days, json, ...flags }: ReportFlags): void {
  const { settings } = readSettings(flags);
  const folder = openExistingDataFolder(settings.data);
  const now = Date.now();
  const from = dayOf(now) - days + 1;
  const body = notificationReportBody(notificationReport(folder, from, now, holdoutPlace), from, now);
  if (json === true) printJson(body);
  else for (const line of reportLines(body)) print(line);
}

function reportLines({ from, to, total, waiting, heldBack, volume, holdout }: NotificationReportResponse): string[] {
  const { sent, opened, clicked } = total;
  const last = volume.at(-1);
  return [
    `${from} to ${to}: ${thousands(sent)} sent, ${thousands(clicked)} of them clicked, ${thousands(opened)} opened as far as mail proxies tell; ${thousands(waiting)} wait`,
    ...heldBack.map(({ rule, count }) => `  ${thousands(count)} held back: ${printable(rule)}`),
    ...(last === undefined
      ? ['No plan was made on these days: pinwalk notify plan, or the setting notifyPlanHour.']
      : [`${thousands(last.planned)} of ${thousands(last.budget)} of the week are planned, as of ${last.window}`]),
    ...(holdout === null ? unknownEffect(last !== undefined) : holdoutLines(holdout)),
  ];
} // prettier-ignore

const names: Readonly<Record<string, string>> = {
  'active-days': 'active days of a person, notifications aside',
  actions: 'clicks and saves of a person',
};

/** Nobody can be held out before the first plan. */
function unknownEffect(isPlanned: boolean): string[] {
  return isPlanned ? ['Nobody was held out, so the effect of sending is unknown. Set notifyHoldout.'] : [];
}

function holdoutLines({ from, heldOut, notified, sampleRatio, metrics }: NonNullable<NotificationReportResponse['holdout']>): string[] {
  if (heldOut === 0) {
    return [`The effect of sending is unknown: none of ${thousands(notified)} people is held out yet.`];
  }
  return [
    `Effect of sending since ${from}: ${thousands(notified)} people who may be notified against ${thousands(heldOut)} held out`,
    ...metrics.map((each) => {
      const { low, high } = each.anyLook;
      const means = `${figure(each.notified)} against ${figure(each.heldOut)}`;
      return `  ${names[each.metric] ?? each.metric}: ${means}; difference ${figure(each.difference)} [${figure(low)}, ${figure(high)}]`;
    }),
    ...(sampleRatio.isOff ? ['People are not spread as intended: trust none of these differences.'] : []),
  ];
} // prettier-ignore

function figure(value: number | null): string {
  return value === null ? 'unknown' : value.toFixed(3).replace('-', '−');
}
