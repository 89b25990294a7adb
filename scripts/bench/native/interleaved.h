// 64 walkers in lockstep. Each pass makes one access a walker and prefetches the next, so that the cache misses of all
// walkers overlap.
#pragma once
#include <algorithm>
#include "graph.h"

constexpr int laneCount = 64;

inline void walkInterleaved(const Graph &graph, int32_t home, int steps, uint32_t restartBelow, uint32_t seed,
                            VisitTable &visits) {
  const int32_t *pinSlices = graph.pinToBoard.slices.data(), *pinNeighbors = graph.pinToBoard.neighbors.data();
  const int32_t *boardSlices = graph.boardToPin.slices.data(), *boardNeighbors = graph.boardToPin.neighbors.data();
  if (pinSlices[2 * home + 1] == 0) return;
  int32_t pins[laneCount];
  uint32_t low[laneCount], high[laneCount], boardDraws[laneCount], pinDraws[laneCount], restarts[laneCount];
  uint32_t cursors[laneCount], slots[laneCount];
  for (int w = 0; w < laneCount; w++) {
    const Random random(seed, home, w);
    low[w] = random.low;
    high[w] = random.high;
    pins[w] = home;
  }
  const auto advance = [&](int busy, int rounds) __attribute__((always_inline)) {
    for (int round = 0; round < rounds; round++) {
      for (int w = 0; w < busy; w++) {
        Random random;
        random.low = low[w];
        random.high = high[w];
        boardDraws[w] = random.next();
        pinDraws[w] = random.next();
        restarts[w] = random.next();
        low[w] = random.low;
        high[w] = random.high;
      }
      for (int w = 0; w < busy; w++) {
        cursors[w] = pinSlices[2 * pins[w]] + below(boardDraws[w], pinSlices[2 * pins[w] + 1]);
        __builtin_prefetch(&pinNeighbors[cursors[w]]);
      }
      for (int w = 0; w < busy; w++) {
        pins[w] = pinNeighbors[cursors[w]];
        __builtin_prefetch(&boardSlices[2 * pins[w]]);
      }
      for (int w = 0; w < busy; w++) {
        cursors[w] = boardSlices[2 * pins[w]] + below(pinDraws[w], boardSlices[2 * pins[w] + 1]);
        __builtin_prefetch(&boardNeighbors[cursors[w]]);
      }
      for (int w = 0; w < busy; w++) {
        pins[w] = boardNeighbors[cursors[w]];
        slots[w] = visits.slotOf(pins[w]);
        __builtin_prefetch(&visits.entries[slots[w]], 1);
        __builtin_prefetch(&pinSlices[2 * pins[w]]);
      }
      for (int w = 0; w < busy; w++) {
        visits.count(pins[w], slots[w]);
        pins[w] = restarts[w] < restartBelow ? home : pins[w];
      }
    }
  };
  // All walkers make steps / 64 steps; the first ones one more.
  int left = steps / laneCount;
  while (left > 0) {
    const int rounds = std::min<int>(left, visits.room() / laneCount);
    if (rounds == 0) visits.grow();
    else if (rounds > 0) advance(laneCount, rounds);
    left -= rounds;
  }
  while (visits.room() < laneCount) visits.grow();
  advance(steps % laneCount, 1);
}
