/** "2,300". */
export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

/** "1 board", "2,300 boards". */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A share of 1 as "93 %", "0.40 %" or "−2 %". `digits`: after the point. */
export function formatPercent(share: number, digits: number = 0): string {
  const text = (100 * Math.abs(share)).toFixed(digits);
  return `${share < 0 ? '−' : ''}${text} %`;
}

const sizes = ['B', 'kB', 'MB', 'GB', 'TB'];

export function formatBytes(bytes: number): string {
  const step = Math.min(sizes.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const value = bytes / 1000 ** step;
  return `${value.toFixed(value < 10 && step > 0 ? 1 : 0)} ${sizes[step]}`;
}

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** "3 hours ago", for a time in ISO 8601. */
export function formatAgo(time: string, nowMs: number): string {
  const seconds = Math.max(0, (nowMs - Date.parse(time)) / 1000);
  const [unit, length] = units.find(([, each]) => seconds >= each) ?? ['second', 1];
  return relative.format(-Math.floor(seconds / length), unit);
}

export function formatMs(ms: number | undefined): string {
  if (ms === undefined) return '–';
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

/** A rate, short: 0.4, 12, 3,400. */
export function formatRate(value: number): string {
  return value > 0 && value < 10
    ? value.toFixed(1)
    : value.toLocaleString('en', { maximumFractionDigits: 0 });
}
