import { type TemplateChoice, TemplateScores, chooseTemplate } from '../../../engine/notify/index.ts';
import { dayMs } from '../../../graph-data/index.ts';
import type { Person } from './person.ts';

/** Chooses the template of a notification by the results of earlier ones: {@link chooseTemplate}. */
export class Templates {
  readonly #scores = new TemplateScores();

  /** A notification of the past: what its journal says, and whether it was acted on. One without a template is left out. */
  learn(template: TemplateChoice | undefined, hasActed: boolean): void {
    if (template === undefined) return;
    const { probabilities, template: chosen } = template;
    this.#scores.add({ probabilities, chosen, reward: hasActed ? 1 : 0 });
  }

  /** `time`: when it is sent. `unit`: a draw in [0, 1). */
  choose({ sends }: Person, eligible: readonly string[], time: number, unit: number): TemplateChoice {
    const lastOf = new Map<string | undefined, number>();
    for (const { template, time: at } of sends) if (at <= time) lastOf.set(template, at);
    const daysSince = (template: string): number => (time - (lastOf.get(template) ?? -Infinity)) / dayMs;
    return chooseTemplate(eligible, (template) => this.#scores.of(template), daysSince, unit);
  }
}
