import type { QueryComparison } from './compare-query.ts';
import { pageText, table } from './page.ts';
import { paramsSection } from './params-section.ts';
import type { Provenance } from './provenance.ts';
import { nodeText } from './text/compare-tables.ts';
import { queryHeadline, queryTable } from './text/query-text.ts';

/** The output of `pinwalk compare --pin …` as a page, with reasons. */
export function compareQueryPage(comparison: QueryComparison, provenance: Provenance): string {
  const { settings, listA, listB } = comparison;
  const sides = [
    { name: settings[0].name, list: listA },
    { name: settings[1].name, list: listB },
  ];
  return pageText({
    title: `${settings[0].name} vs. ${settings[1].name}`,
    lead: `${queryHeadline(comparison)}.`,
    sections: [
      {
        title: 'Recommendations',
        content: table({
          caption: 'Best first, each pin with its rank in the other list',
          areWords: true,
          ...queryTable(comparison),
        }),
      },
      ...sides.map(({ name, list }) => ({
        title: `${name}: reasons`,
        content: table({
          caption: `Recommendations of ${name}, with reasons`,
          areWords: true,
          columns: ['rank', 'pin', 'score', 'reason'],
          rows: list.map((item, i) => [i + 1, nodeText(item), item.score.toPrecision(4), item.reason]),
        }),
      })),
      paramsSection(settings),
    ],
    provenance,
  });
}
