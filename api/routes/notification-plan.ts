import type { z } from 'zod';
import { readLastPlan, readPerson } from '../../graph-data/index.ts';
import { noParameters } from '../base/index.ts';
import { notificationPlanResponse, personPath } from '../contract/index.ts';
import { type Route, defineRoute } from '../http/index.ts';
import { type PlanPreview, planDefaults } from '../notifications/index.ts';
import type { Service } from '../service.ts';

/** Decisions of a person in a response. */
const recentMax = 50;

type Body = z.output<typeof notificationPlanResponse>;

/** The notification that a person would get now and why, and the rules that held others back. */
export function notificationPlanRoutes({ folder, graphs, planner, wallClock }: Service): Route[] {
  return [
    defineRoute({
      tag: 'notifications',
      method: 'get',
      path: '/v1/users/{user}/notifications/plan',
      operationId: 'getNotificationPlan',
      needsWriter: true,
      summary: 'The notification that a person would get now and why, and the rules that held others back',
      description:
        "Decides as a plan does, with the last plan's threshold and without chance; stores and sends nothing. Before the first plan, whatever is " +
        'worth anything would be sent. `recent` has the decisions of the plans.',
      scope: 'read',
      params: personPath,
      query: noParameters,
      response: { status: 200, description: 'The decision', schema: notificationPlanResponse },
      problems: ['graph-not-ready', 'overloaded', 'storage-unavailable'],
      handle: async ({ params: { user } }) => {
        const now = wallClock();
        // Without a graph, the request is refused.
        void graphs.snapshot;
        const last = readLastPlan(folder, planDefaults.campaign);
        const stored = readPerson(folder, user);
        const hasChannel = (stored?.channels.length ?? 0) > 0;
        const preview = hasChannel ? await planner.call('preview', { user, now }) : undefined;
        const { volume, window, people, done } = last ?? {};
        return {
          body: {
            user,
            at: new Date(now).toISOString(),
            decision: preview === undefined ? null : decisionOf(preview),
            recent: (stored?.notifications ?? []).toReversed().slice(0, recentMax).map(recentOf),
            week:
              volume === undefined
                ? null
                : {
                    window: window!,
                    budget: volume.budget,
                    planned: volume.sent,
                    threshold: volume.threshold,
                    people: people!,
                    done: done!,
                  },
          },
        };
      },
    }),
  ];
}

function decisionOf(preview: PlanPreview): NonNullable<Body['decision']> {
  const { channel, suppressedBy = null, value = null, threshold = null, propensity, time, hour = null } = preview;
  const { isHeld, copy, template, pins, prediction, contributions } = preview;
  return {
    channel,
    suppressedBy,
    value,
    threshold,
    propensity,
    sendAt: time === undefined ? null : new Date(time).toISOString(),
    hour,
    held: isHeld,
    title: copy?.title ?? null,
    text: copy?.text ?? null,
    template: template === undefined ? null : { name: template.template, propensity: template.propensity },
    pins: pins.map(pinOf),
    unsubscribe: prediction?.unsubscribe ?? null,
    contributions: [...contributions],
  };
} // prettier-ignore

function recentOf(stored: NonNullable<ReturnType<typeof readPerson>>['notifications'][number]): Body['recent'][number] {
  const { id, campaign, window, state, pins, copy, channel, suppressedBy = null, createdAt, notBefore, journal } = stored;
  return {
    channel,
    suppressedBy,
    value: number(journal['value']),
    threshold: number(journal['threshold']),
    propensity: number(journal.propensity),
    id,
    campaign,
    window,
    state,
    pins: [...pins],
    title: copy.title,
    decidedAt: new Date(createdAt).toISOString(),
    notBefore: new Date(notBefore).toISOString(),
    explored: journal['isExplored'] === true,
  };
} // prettier-ignore

function pinOf({ pin, source, of, score, open }: PlanPreview['pins'][number]) {
  return { pin, source, ...(of !== undefined && { of }), score, open };
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
