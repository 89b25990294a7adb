import { type QueryComparison, queryTable, queryText } from './text/compare-query.ts';
import { nodeText } from './text/compare-tables.ts';
import { html } from './html.ts';
import { type Made, pageText, table } from './page.ts';
import { paramsTable } from './walk-page.ts';

/** What `pinwalk compare --pin …` prints, as a page, with reasons. */
export function compareQueryPage(comparison: QueryComparison, made: Made): string {
  const { settings, listA, listB } = comparison;
  const sides = [
    { setting: settings[0], list: listA },
    { setting: settings[1], list: listB },
  ];
  return pageText({
    title: `${settings[0].name} against ${settings[1].name}`,
    lead: `${queryText(comparison)}.`,
    sections: [
      {
        title: 'Answers',
        content: table({
          caption: 'Best first; behind each pin its place in the other list',
          areWords: true,
          ...queryTable(comparison),
        }),
      },
      ...sides.map(({ setting, list }) => ({
        title: `${setting.name}: reasons`,
        content: table({
          caption: `What ${setting.name} answers, and why`,
          areWords: true,
          columns: ['place', 'pin', 'score', 'reason'],
          rows: list.map((item, i) => [i + 1, nodeText(item), item.score.toPrecision(4), item.reason]),
        }),
      })),
      {
        title: 'Parameters',
        content: settings.map(
          ({ name, params }) =>
            html`<h3>${name}</h3>
              ${Object.keys(params).length > 0 ? paramsTable(name, params) : html`<p>It has none.</p>`}`,
        ),
      },
    ],
    made,
  });
}
