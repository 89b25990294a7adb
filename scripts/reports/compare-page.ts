import type { Comparison, Example, ExamplePin } from '../../api/index.ts';
import { accuracyMetrics } from '../../engine/index.ts';
import {
  activityDifferencesTable,
  describedTable,
  exampleText,
  foundTable,
  metricsTable,
  namesOf,
  nodeText,
  overlapClass,
  overlapTable,
  overlapText,
  recommendedTable,
} from './text/compare-tables.ts';
import { popularityGroupName, starText } from './text/report-tables.ts';
import { headline } from './text/report-text.ts';
import { type Html, html } from './html.ts';
import { type Made, type Section, figure, figures, pageText, table } from './page.ts';
import { barPlot } from './plots/bar-plot.ts';
import { intervalPlot } from './plots/interval-plot.ts';
import { rangeText } from './text/text-table.ts';
import { paramsTable } from './walk-page.ts';

/** What `pinwalk compare` prints, as a page, with plots. */
export function comparePage(comparison: Comparison, made: Made): string {
  const { differences, resamples, examples, results } = comparison;
  const [a, b] = namesOf(comparison);
  return pageText({
    title: `${a} against ${b}`,
    lead: `${headline(comparison)}.`,
    sections: [
      {
        title: 'Which is better, and for how many users',
        content: [
          figures(winsPlot(comparison), differencesPlot(comparison)),
          table({ caption: starText(differences, resamples), ...metricsTable(comparison) }),
        ],
      },
      {
        title: 'How alike the lists are',
        content: [
          html`<p>${overlapText(comparison)}</p>`,
          figures(overlapPlot(comparison)),
          table({ caption: 'Users by what their two lists have in common', ...overlapTable(comparison) }),
        ],
      },
      {
        title: 'Where they differ: users',
        content: [
          figures(activityPlot(comparison)),
          table({
            caption: 'Users by their number of known pins',
            ...activityDifferencesTable(comparison),
          }),
        ],
      },
      {
        title: 'Where they differ: pins',
        content: [
          figures(foundPlot(comparison), recommendedPlot(comparison)),
          table({ caption: 'Held-out pins by who found them, over all users', ...foundTable(comparison) }),
          table({
            caption: 'Recommended pins by whose lists they are in, over all users',
            ...recommendedTable(comparison),
          }),
          table({ caption: 'What each recommends, and what it takes', ...describedTable(comparison) }),
        ],
      },
      ...(examples.length === 0 ? [] : [examplesSection(comparison)]),
      {
        title: 'Parameters',
        content: results.map(
          ({ name, algorithm, params }) =>
            html`<h3>${name === algorithm ? name : `${name}: ${algorithm}`}</h3>
              ${Object.keys(params).length > 0 ? paramsTable(name, params) : html`<p>It has none.</p>`}`,
        ),
      },
    ],
    made,
  });
}

function winsPlot(comparison: Comparison): Html {
  const { wins, k } = comparison;
  const [a, b] = namesOf(comparison);
  const bars = accuracyMetrics.flatMap((metric) => [
    { row: `${metric}@${k}`, name: `${a} is better`, value: wins[metric].a },
    { row: `${metric}@${k}`, name: `${b} is better`, value: wins[metric].b },
    { row: `${metric}@${k}`, name: 'alike', value: wins[metric].ties },
  ]);
  return figure(
    barPlot('Users for whom each of the two is better, by metric', 'users', bars, 'alike'),
    'For how many users which of the two is better.',
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
    `Above 0, ${a} is better. An interval that holds 0 tells nothing apart.`,
  );
}

function overlapPlot({ overlap: { users } }: Comparison): Html {
  const bars = users.map((value, i) => ({ row: overlapClass(i), name: 'users', value }));
  return figure(
    barPlot('Users by the share of the two lists that is in common', 'users', bars),
    'Share of the list in common.',
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
    `Above 0, ${a} is better for users with so many known pins.`,
  );
}

function foundPlot(comparison: Comparison): Html {
  const [a, b] = namesOf(comparison);
  const bars = comparison.byPopularity.flatMap((group) => {
    const row = popularityGroupName(group);
    return [
      { row, name: `${a} alone`, value: group.aOnly },
      { row, name: `${b} alone`, value: group.bOnly },
      { row, name: 'both', value: group.both },
    ];
  });
  return figure(
    barPlot(
      'Held-out pins found by both and by one alone, by the saves of the pin',
      'held-out pins',
      bars,
      'both',
    ),
    'Held-out pins that were found, by the number of saves of the pin.',
  );
}

function recommendedPlot(comparison: Comparison): Html {
  const [a, b] = namesOf(comparison);
  const bars = comparison.byPopularity.flatMap((group) => {
    const row = popularityGroupName(group);
    return [
      { row, name: `${a} alone`, value: group.recommendedAOnly },
      { row, name: `${b} alone`, value: group.recommendedBOnly },
      { row, name: 'both', value: group.recommendedBoth },
    ];
  });
  return figure(
    barPlot(
      'Recommendations of both and of one alone, by the saves of the pin',
      'recommendations',
      bars,
      'both',
    ),
    'What was recommended, by the number of saves of the pin.',
  );
}

function examplesSection(comparison: Comparison): Section {
  const count = comparison.examples.length;
  return {
    title: 'Users for whom they differ most',
    content: [
      html`<p>
        ${count === 1 ? 'One user' : `${count} users`}, first those for whom ${namesOf(comparison)[0]} is
        better. A star is a pin that was held out: a hit.
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
    <p>Knows ${knownPins.map(nodeText).join(', ')}${known > knownPins.length && ' …'}</p>
    ${missed.length > 0 && html`<p>Neither found ${missed.map(nodeText).join(', ')}</p>`}
    ${table({
      caption: `What ${nodeText(user)} was shown`,
      areWords: true,
      columns: ['place', ...namesOf(comparison)],
      rows: Array.from({ length: places }, (_, i) => [i + 1, pinShown(listA[i]), pinShown(listB[i])]),
    })}`;
}

function pinShown(pin: ExamplePin | undefined): Html | undefined {
  if (pin === undefined) return undefined;
  return pin.isHit ? html`<span class="hit">★ ${nodeText(pin)}</span>` : html`${nodeText(pin)}`;
}
