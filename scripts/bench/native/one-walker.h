// The walk of the Pixie paper's algorithm 1: one walker, one step after another.
#pragma once
#include "graph.h"

inline void walkOneWalker(const Graph &graph, int32_t home, int steps, uint32_t restartBelow, uint32_t seed,
                          VisitTable &visits) {
  const int32_t *pinSlices = graph.pinToBoard.slices.data(), *pinNeighbors = graph.pinToBoard.neighbors.data();
  const int32_t *boardSlices = graph.boardToPin.slices.data(), *boardNeighbors = graph.boardToPin.neighbors.data();
  if (pinSlices[2 * home + 1] == 0) return;
  Random random(seed, home, 0);
  int32_t pin = home;
  for (int step = 0; step < steps; step++) {
    if (visits.room() == 0) visits.grow();
    const int32_t board = pinNeighbors[pinSlices[2 * pin] + below(random.next(), pinSlices[2 * pin + 1])];
    pin = boardNeighbors[boardSlices[2 * board] + below(random.next(), boardSlices[2 * board + 1])];
    visits.count(pin, visits.slotOf(pin));
    if (random.next() < restartBelow) pin = home;
  }
}
