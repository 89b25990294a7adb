// The arrays of a graph, the random streams and the visit table, as engine/graph, engine/random and engine/walk have them.
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

// {start, degree} of a node, then the neighbors of all nodes.
struct Adjacency {
  std::vector<int32_t> slices, neighbors;
};

struct Graph {
  Adjacency pinToBoard, boardToPin;
};

inline void readArray(FILE *file, std::vector<int32_t> &array) {
  int64_t length;
  if (fread(&length, sizeof length, 1, file) != 1) exit(2);
  array.resize(length);
  if (fread(array.data(), sizeof(int32_t), length, file) != size_t(length)) exit(2);
}

inline Graph readGraph(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == nullptr) exit(2);
  Graph graph;
  readArray(file, graph.pinToBoard.slices);
  readArray(file, graph.pinToBoard.neighbors);
  readArray(file, graph.boardToPin.slices);
  readArray(file, graph.boardToPin.neighbors);
  fclose(file);
  return graph;
}

inline uint32_t mix32(uint32_t x) {
  x = (x ^ (x >> 16)) * 0x85ebca6bu;
  x = (x ^ (x >> 13)) * 0xc2b2ae35u;
  return x ^ (x >> 16);
}

// xoroshiro64*: the stream (pin, substream) of a seed.
struct Random {
  uint32_t low, high;
  Random() = default;
  Random(uint32_t seed, uint32_t pin, uint32_t substream) {
    low = mix32(mix32(mix32(seed ^ 0x9e3779b9u) ^ pin) ^ substream);
    high = mix32(mix32(mix32(seed ^ 0x85ebca6bu) + pin) ^ (substream * 0xc2b2ae35u));
    if ((low | high) == 0) high = 1;
  }
  uint32_t next() {
    uint32_t draw = low * 0x9e3779bbu;
    uint32_t mixed = high ^ low;
    low = ((low << 26) | (low >> 6)) ^ mixed ^ (mixed << 9);
    high = (mixed << 13) | (mixed >> 19);
    return draw;
  }
};

// A draw in [0, limit), by multiply-shift.
inline uint32_t below(uint32_t draw, uint32_t limit) { return (uint64_t(draw) * limit) >> 32; }

// Open addressing, linear probing, at most half full. {node, count} side by side; node -1 is empty.
struct VisitTable {
  struct Entry {
    int32_t node, count;
  };
  Entry *entries = nullptr;
  uint32_t *touched = nullptr;
  uint32_t size = 0;
  int log2Capacity = 0;

  void begin(int log2) {
    for (uint32_t i = 0; i < size; i++) entries[touched[i]].node = -1;
    use(log2);
  }
  uint32_t room() const { return (1u << (log2Capacity - 1)) - size; }
  uint32_t slotOf(int32_t node) const { return (uint32_t(node) * 0x9e3779b1u) >> (32 - log2Capacity); }
  void count(int32_t node, uint32_t slot, int32_t visits = 1) {
    for (;; slot = (slot + 1) & ((1u << log2Capacity) - 1)) {
      if (entries[slot].node == node) break;
      if (entries[slot].node < 0) {
        entries[slot] = {node, 0};
        touched[size++] = slot;
        break;
      }
    }
    entries[slot].count += visits;
  }
  void grow() {
    Entry *const entriesBefore = entries;
    const uint32_t *const touchedBefore = touched;
    const uint32_t sizeBefore = size;
    use(log2Capacity + 1);
    for (uint32_t i = 0; i < sizeBefore; i++) {
      Entry &entry = entriesBefore[touchedBefore[i]];
      count(entry.node, slotOf(entry.node), entry.count);
      entry.node = -1;
    }
  }

private:
  // Smaller tables are kept, empty, for the next walk.
  struct {
    std::vector<Entry> entries;
    std::vector<uint32_t> touched;
  } tables[32];
  void use(int log2) {
    auto &table = tables[log2];
    if (table.entries.empty()) {
      table.entries.assign(size_t(1) << log2, {-1, 0});
      table.touched.assign(size_t(1) << (log2 - 1), 0);
    }
    entries = table.entries.data();
    touched = table.touched.data();
    log2Capacity = log2;
    size = 0;
  }
};
