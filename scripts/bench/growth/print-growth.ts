import { bytesText, print, thousands } from '../../output.ts';
import type { LoadResult } from '../api/open-loop.ts';
import type { Grown } from './grow.ts';

/** Prints a table of stages, one of loads and one of the estimate for each size. */
export function printGrowth(machine: string, grown: readonly Grown[]): void {
  print(machine);
  print('\n| saves | stage | seconds | saves/s | peak of memory | bytes/save on disk |');
  print('| ---: | --- | ---: | ---: | ---: | ---: |');
  for (const { saves, stages, served } of grown) {
    for (const { name, seconds, peakBytes, diskBytes } of stages) {
      printRow(saves, name, seconds, peakBytes, diskBytes === 0 ? '' : (diskBytes / saves).toFixed(1));
    }
    printRow(saves, 'serve: ready', served.readySeconds, served.residentBytes, '');
    printRow(saves, 'build and swap under load', served.buildAndSwapSeconds, served.peakBytes, '');
  }
  print('\n| saves | load | p50 ms | p99 ms | within 60 ms | refused | failed |');
  print('| ---: | --- | ---: | ---: | ---: | ---: | ---: |');
  for (const { saves, served } of grown) {
    printLoad(saves, '50 requests/s', served.calm);
    printLoad(saves, '400 requests/s', served.busy);
    printLoad(saves, '200 requests/s beside the next', served.besideWrites);
    printLoad(saves, '50 saves/s', served.writes);
    printLoad(saves, '100 requests/s during build and swap', served.whileBuilding);
  }
  print('\n| saves | estimated / measured: snapshot | seconds of build | memory of build | snapshot |');
  print('| ---: | ---: | ---: | ---: | --- |');
  for (const { saves, version, stages, estimate } of grown) {
    const build = stages.find(({ name }) => name === 'build')!;
    const ratios = [
      estimate.snapshotBytes / build.diskBytes,
      estimate.buildSeconds / build.seconds,
      estimate.buildBytes / build.peakBytes,
    ];
    print(`| ${thousands(saves)} | ${ratios.map((ratio) => ratio.toFixed(2)).join(' | ')} | ${version} |`);
  }
}

function printRow(saves: number, name: string, seconds: number, bytes: number, onDisk: string): void {
  const rate = thousands(Math.round(saves / seconds));
  print(
    `| ${thousands(saves)} | ${name} | ${seconds.toFixed(1)} | ${rate} | ${bytesText(bytes)} | ${onDisk} |`,
  );
}

function printLoad(saves: number, name: string, { answered, inTime, statuses, failed }: LoadResult): void {
  const times = `${answered.p50.toFixed(1)} | ${answered.p99.toFixed(1)} | ${(100 * inTime).toFixed(2)} %`;
  print(`| ${thousands(saves)} | ${name} | ${times} | ${statuses[503] ?? 0} | ${failed} |`);
}
