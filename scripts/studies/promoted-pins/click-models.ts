import {
  Booster,
  type PlattByChannel,
  type RandomStream,
  binRows,
  degreeOf,
  fitBins,
  fitPlattByChannel,
  forestLogOdds,
  logLoss,
  nextBelow,
  nextUnit,
  probabilityIn,
} from '../../../engine/index.ts';
import { type Market, clickProbability } from './market.ts';
import { everyMatch, matchesOf } from './matches.ts';
import type { Person, Population } from './people.ts';

/** An impression that a policy could show. `walk` and `interest` are 0 where the walk says nothing. */
interface Candidate {
  readonly pin: number;
  readonly walk: number;
  readonly interest: number;
}

/** The probability of a click in the first slot. */
export type ClickModel = (person: Person, candidate: Candidate) => number;

/** Shown to each person of the log: half by chance, half by the walk and the bid, as an exploring server would. */
const shownPerPerson = 200;
/** The best matches by relevance × bid, of which the walk's half is drawn. */
const walkedMax = 50;
/** Of people, for calibration. */
const calibrationShare = 0.3;
const boost = { learningRate: 0.1, leavesMax: 8, leafRowsMin: 200, featureShare: 1 };
const [trees, bins] = [60, 64];

/**
 * Two models of clicks from one log of other people than those who are judged: trees and Platt calibration, as the engine serves them. They see
 * drawn clicks, as a server does, and neither the click model nor a hidden save. `plain` knows the pin and the person's saves; `walked` also what the
 * walk says.
 */
export function learnClicks(
  population: Population,
  market: Market,
  people: readonly Person[],
  stream: RandomStream,
): { readonly plain: ClickModel; readonly walked: ClickModel } {
  const [rows, y]: [Row[], number[]] = [[], []];
  for (const [i, person] of people.entries()) {
    const found = matchesOf(market, person, everyMatch);
    const best = found.slice(0, walkedMax);
    const known = new Map(found.map((match) => [match.pin, match]));
    for (let shown = 0; shown < shownPerPerson; shown++) {
      const isWalked = best.length > 0 && nextUnit(stream) < 0.5;
      const pin = isWalked ? best[nextBelow(stream, best.length)]!.pin : anyPin(market, person, stream);
      const candidate = known.get(pin) ?? { pin, walk: 0, interest: 0 };
      rows.push({ person, candidate, isCalibration: i < calibrationShare * people.length });
      y.push(Number(nextUnit(stream) < clickProbability(population, person, pin)));
    }
  }
  const fit = (width: number): ClickModel => fitModel(population, rows, y, width);
  return { plain: fit(plainWidth), walked: fit(walkedWidth) };
}

interface Row {
  readonly person: Person;
  readonly candidate: Candidate;
  readonly isCalibration: boolean;
}

/** Features: those without the walk come first. */
const [plainWidth, walkedWidth] = [4, 6];

function featuresOf(
  { graph, tree }: Population,
  person: Person,
  { pin, walk, interest }: Candidate,
): number[] {
  const topic = tree.ofPin[pin]!;
  const parent = topic < 0 ? -1 : tree.parents[topic]!;
  const share = (of: number): number => (of < 0 ? 0 : person.ownShares[of]!);
  return [
    Math.log1p(degreeOf(graph.pinToBoard, pin)),
    share(topic),
    share(parent),
    Math.log1p(person.visible.size),
    Math.log(1e-4 + walk),
    interest,
  ];
}

function fitModel(
  population: Population,
  rows: readonly Row[],
  y: readonly number[],
  width: number,
): ClickModel {
  const part = (isCalibration: boolean) => {
    const own = rows.flatMap((row, i) => (row.isCalibration === isCalibration ? [i] : []));
    const values = new Float64Array(own.length * width);
    for (const [at, i] of own.entries()) {
      const features = featuresOf(population, rows[i]!.person, rows[i]!.candidate);
      values.set(features.slice(0, width), at * width);
    }
    return { values, y: Uint8Array.from(own, (i) => y[i]!) };
  };
  const train = part(false);
  const booster = new Booster(
    binRows(fitBins(train.values, width, bins), train.values),
    logLoss(train.y),
    boost,
    1,
  );
  for (let i = 0; i < trees; i++) booster.grow();
  const forest = booster.forest();
  const held = part(true);
  const odds = Float64Array.from(held.y, (_, row) => forestLogOdds(forest, held.values, row * width));
  const platt: PlattByChannel = fitPlattByChannel(odds, held.y, new Uint8Array(held.y.length));
  const scratch = new Float64Array(width);
  return (person, candidate) => {
    scratch.set(featuresOf(population, person, candidate).slice(0, width));
    return probabilityIn(platt, 0, forestLogOdds(forest, scratch));
  };
}

function anyPin({ campaigns }: Market, { visible }: Person, stream: RandomStream): number {
  for (;;) {
    const { pins } = campaigns[nextBelow(stream, campaigns.length)]!;
    const pin = pins[nextBelow(stream, pins.length)]!;
    if (!visible.has(pin)) return pin;
  }
}
