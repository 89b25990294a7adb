import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { nextBelow, nextUnit, randomStream } from '../../engine/index.ts';

/** A log of the days of KuaiRand in its form: people like even or odd videos, and one tab is clicked twice as often. */
export function writeSet(folder: string, rows: number): void {
  const write = (name: string, lines: readonly string[]): void => {
    writeFileSync(path.join(folder, `${name}.gz`), gzipSync(`${lines.join('\n')}\n`));
  };
  const stream = randomStream(1);
  const [people, pins] = [200, 60];
  const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
  const userColumns = ['follow_user_num', 'fans_user_num', 'friend_user_num', 'register_days', 'onehot_feat1', 'onehot_feat3']; // prettier-ignore
  write('users.csv', ['user_id,range,' + userColumns.join(','), ...range(people).map((user) => `${user},"[1,9)",${userColumns.map(() => user % 7).join(',')}`)]); // prettier-ignore
  write('videos.csv', [
    'video_id,author_id,upload_dt,upload_type,music_id,tag',
    ...range(pins).map(
      (pin) => `${pin},${pin % 9},2022-04-${10 + (pin % 15)},Web,${pin % 11},"${pin % 2},7"`,
    ),
  ]);
  write('history.jsonl', range(people).map((user) => {
    const watched = range(8).map((i) => (2 * i * 3 + (user % 2)) % pins);
    return JSON.stringify({ user_id: user, watched, longWatched: watched.slice(0, 5), liked: [] });
  })); // prettier-ignore
  const [from, to] = [Date.parse('2022-04-25T00:00:00+08:00'), Date.parse('2022-05-08T00:00:00+08:00')];
  const lines = range(rows).map((row) => {
    const [user, pin, tab] = [nextBelow(stream, people), nextBelow(stream, pins), nextBelow(stream, 2)];
    const rate = ((user + pin) % 2 === 0 ? 0.4 : 0.1) * (1 + tab);
    const click = Number(nextUnit(stream) < rate);
    const like = Number(click === 1 && nextUnit(stream) < 0.2);
    const time = from + Math.floor(((to - from) * row) / rows);
    return [user, pin, time, tab, click, click, like, 0, 0, click * 20_000, 30_000].join(',');
  });
  write('impressions.csv', ['user_id,video_id,time_ms,tab,is_click,long_view,is_like,is_follow,is_comment,play_time_ms,duration_ms', ...lines]); // prettier-ignore
}
