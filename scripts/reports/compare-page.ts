import type { Comparison, Example, ExamplePin } from '../../api/offline/evaluate/index.ts';
import { accuracyMetrics } from '../../engine/index.ts';
import {
  activityDifferencesTable,
  exampleText,
  foundTable,
  metricsTable,
  namesOf,
  nodeText,
  overlapClass,
  overlapTable,
  overlapText,
  pinsTable,
  recommendedTable,
} from './text/compare-tables.ts';
import { popularityGroupName, starText } from './text/evaluate-tables.ts';
import { headline } from './text/evaluate-text.ts';
import { type Html, html } from './html.ts';
import { type Section, figure, figures, pageText, table } from './page.ts';
import { barPlot } from './plots/bar-plot.ts';
import { intervalPlot } from './plots/interval-plot.ts';
import { paramsSection } from './params-section.ts';
import type { Provenance } from './provenance.ts';
import { countText, rangeText } from './text/format.ts';

/** The output of `pinwalk compare` as a page, with plots. */
export function comparePage(comparison: Comparison, provenance: Provenance): string {
  const { differences, resamples, examples, results } = comparison;
  const [a, b] = namesOf(comparison);
  return pageText({
    title: `${a} vs. ${b}`,
    lead: `${headline(comparison)}.`,
    sections: [
      {
        title: 'Differences and wins',
        content: [
          figures(winsPlot(comparison), differencesPlot(comparison)),
          table({ caption: starText(differences, resamples), ...metricsTable(comparison) }),
        ],
      },
      {
        title: 'Overlap of the lists',
        content: [
          html`<p>${overlapText(comparison)}</p>`,
          figures(overlapPlot(comparison)),
          table({ caption: 'Users by the overlap of their two lists', ...overlapTable(comparison) }),
        ],
      },
      {
        title: 'Differences by user activity',
        content: [
          figures(activityPlot(comparison)),
          table({
            caption: 'Users by their number of known pins',
            ...activityDifferencesTable(comparison),
          }),
        ],
      },
      {
        title: 'Differences by pin popularity',
        content: [
          figures(foundPlot(comparison), recommendedPlot(comparison)),
          table({
            caption: 'Held-out pins of all users, by the settings that found them',
            ...foundTable(comparison),
          }),
          table({
            caption: 'Recommendations to all users, by the settings that made them',
            ...recommendedTable(comparison),
          }),
          table({ caption: 'Recommended pins and latency', ...pinsTable(comparison) }),
        ],
      },
      ...(examples.length === 0 ? [] : [examplesSection(comparison)]),
      paramsSection(results),
    ],
    provenance,
  });
}

function winsPlot(comparison: Comparison): Html {
  const { wins, k } = comparison;
  const [a, b] = namesOf(comparison);
  const bars = accuracyMetrics.flatMap((metric) => [
    { row: `${metric}@${k}`, name: `${a} is better`, value: wins[metric].a },
    { row: `${metric}@${k}`, name: `${b} is better`, value: wins[metric].b },
    { row: `${metric}@${k}`, name: 'ties', value: wins[metric].ties },
  ]);
  return figure(
    barPlot('Wins and ties by metric', 'users', bars, 'ties'),
    'Number of users for whom each setting is better.',
  );
}

function differencesPlot(comparison: Comparison): Html {
  const [a, b] = namesOf(comparison);
  const estimates = comparison.differences.map(({ metric, mean, interval }) => {
    const name = `${a} − ${b}`;
    return { name, row: `${metric}@${comparison.k}`, value: mean, low: interval.low, high: interval.high };
  });
  return figure(
    intervalPlot('Mean difference over users, by metric', 'mean difference', estimates, true),
    `Above 0, ${a} is better. An interval that contains 0 shows no significant difference.`,
  );
}

function overlapPlot({ overlap: { users } }: Comparison): Html {
  const bars = users.map((value, i) => ({ row: overlapClass(i), name: 'users', value }));
  return figure(
    barPlot('Users by the overlap of their two lists', 'users', bars),
    'Overlap of the two lists.',
  );
}

function activityPlot(comparison: Comparison): Html {
  const [a, b] = namesOf(comparison);
  const estimates = comparison.byActivity.map(({ pins, a: ofA, b: ofB, interval }) => ({
    name: `${a} − ${b}`,
    row: `${rangeText(pins.from, pins.to)} pins`,
    value: ofA - ofB,
    low: interval.low,
    high: interval.high,
  }));
  const { metric, k } = comparison;
  return figure(
    intervalPlot(
      `Mean difference in ${metric}@${k} by known pins`,
      `difference in ${metric}@${k}`,
      estimates,
      true,
    ),
    `Above 0, ${a} is better for users with this many known pins.`,
  );
}

function foundPlot(comparison: Comparison): Html {
  const [a, b] = namesOf(comparison);
  const bars = comparison.byPopularity.flatMap((group) => {
    const row = popularityGroupName(group);
    return [
      { row, name: `only ${a}`, value: group.aOnly },
      { row, name: `only ${b}`, value: group.bOnly },
      { row, name: 'both', value: group.both },
    ];
  });
  return figure(
    barPlot(
      'Held-out pins found by both or only one, by the saves of the pin',
      'held-out pins',
      bars,
      'both',
    ),
    'Held-out pins found, by the number of saves of the pin.',
  );
}

function recommendedPlot(comparison: Comparison): Html {
  const [a, b] = namesOf(comparison);
  const bars = comparison.byPopularity.flatMap((group) => {
    const row = popularityGroupName(group);
    return [
      { row, name: `only ${a}`, value: group.recommendedAOnly },
      { row, name: `only ${b}`, value: group.recommendedBOnly },
      { row, name: 'both', value: group.recommendedBoth },
    ];
  });
  return figure(
    barPlot('Recommendations by both or only one, by the saves of the pin', 'recommendations', bars, 'both'),
    'Recommendations, by the number of saves of the pin.',
  );
}

function examplesSection(comparison: Comparison): Section {
  const count = comparison.examples.length;
  return {
    title: 'Users with the largest differences',
    content: [
      html`<p>
        ${countText(count, 'user')}, first those for whom ${namesOf(comparison)[0]} is better. A star marks a
        hit: a held-out pin.
      </p>`,
      comparison.examples.map((example) => exampleOf(example, comparison)),
    ],
  };
}

function exampleOf(example: Example, comparison: Comparison): Html {
  const { user, known, knownPins, listA, listB, missed } = example;
  const places = Math.max(listA.length, listB.length);
  return html`<h3>${nodeText(user)}</h3>
    <p>${exampleText(example, comparison)}.</p>
    <p>Known pins: ${knownPins.map(nodeText).join(', ')}${known > knownPins.length && ' …'}</p>
    ${missed.length > 0 && html`<p>Found by neither: ${missed.map(nodeText).join(', ')}</p>`}
    ${table({
      caption: `Recommendations for ${nodeText(user)}`,
      areWords: true,
      columns: ['rank', ...namesOf(comparison)],
      rows: Array.from({ length: places }, (_, i) => [i + 1, pinCell(listA[i]), pinCell(listB[i])]),
    })}`;
}

function pinCell(pin: ExamplePin | undefined): Html | undefined {
  if (pin === undefined) return undefined;
  return pin.isHit ? html`<span class="hit">★ ${nodeText(pin)}</span>` : html`${nodeText(pin)}`;
}
