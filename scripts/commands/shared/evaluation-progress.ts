import type { NamedSettings } from '../../../api/offline/evaluate/index.ts';
import { Progress, thousands, timeLeft } from '../../output.ts';

/** Reports the progress of settings that are measured one after another, each with its time left. */
export function settingProgress(settings: readonly NamedSettings[]): {
  readonly onProgress: (setting: string, done: number, total: number) => void;
  readonly stop: () => void;
} {
  const progress = new Progress();
  let [current, started] = ['', performance.now()];
  return {
    onProgress: (setting, done, total) => {
      if (setting !== current) [current, started] = [setting, performance.now()];
      const left = timeLeft((performance.now() - started) / 1000, done / total);
      const place = `${settings.findIndex(({ name }) => name === setting) + 1} of ${settings.length}`;
      progress.report(
        `${setting} (${place})`,
        done / total,
        `${thousands(done)} of ${thousands(total)} queries, ${left}`,
      );
    },
    stop: () => progress.stop(),
  };
}
