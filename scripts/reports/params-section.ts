import type { NamedSettings } from '../../api/offline/evaluate/index.ts';
import { type Html, html } from './html.ts';
import { type Section, table } from './page.ts';

/** The resolved parameters of some settings, each under a heading. */
export function paramsSection(settings: readonly NamedSettings[]): Section {
  return {
    title: 'Parameters',
    content: settings.map(
      ({ name, algorithm, params }) =>
        html`<h3>${name === algorithm ? name : `${name}: ${algorithm}`}</h3>
          ${Object.keys(params).length > 0 ? paramsTable(name, params) : html`<p>No parameters.</p>`}`,
    ),
  };
}

/** The parameters of a setting, with defaults filled in. */
export function paramsTable(name: string, params: NamedSettings['params']): Html {
  return table({
    caption: `Parameters of ${name}, with defaults filled in`,
    columns: ['parameter', 'value'],
    rows: Object.entries(params).map(([param, value]) => [param, String(value)]),
  });
}
