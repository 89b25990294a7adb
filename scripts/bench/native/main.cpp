// Walks that `npm run bench` compares the kernel with, on the same arrays (native-walks.ts).
// main GRAPH, then one line on stdin for each round:
//   one|interleaved STEPS RESTART_BELOW LOG2_CAPACITY QUERIES, then PIN SEED for each query
// and one on stdout for each: nanoseconds of processor time, checksum of the visits.
#include <cstring>
#include <ctime>
#include "graph.h"
#include "interleaved.h"
#include "one-walker.h"

static uint64_t threadTime() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * 1000000000ull + time.tv_nsec;
}

int main(int, char **arguments) {
  const Graph graph = readGraph(arguments[1]);
  VisitTable visits;
  char name[32];
  int steps, log2Capacity, queries;
  uint32_t restartBelow;
  while (scanf("%31s %d %u %d %d", name, &steps, &restartBelow, &log2Capacity, &queries) == 5) {
    const bool isOne = strcmp(name, "one") == 0;
    std::vector<int32_t> pins(queries);
    std::vector<uint32_t> seeds(queries);
    for (int i = 0; i < queries; i++)
      if (scanf("%d %u", &pins[i], &seeds[i]) != 2) return 2;
    uint64_t nanoseconds = 0;
    uint32_t checksum = 0;
    for (int i = 0; i < queries; i++) {
      const uint64_t started = threadTime();
      visits.begin(log2Capacity);
      (isOne ? walkOneWalker : walkInterleaved)(graph, pins[i], steps, restartBelow, seeds[i], visits);
      nanoseconds += threadTime() - started;
      for (uint32_t j = 0; j < visits.size; j++) {
        const auto &entry = visits.entries[visits.touched[j]];
        checksum += mix32(entry.node * 0x9e3779b1u + entry.count);
      }
    }
    printf("%llu %u\n", (unsigned long long)nanoseconds, checksum);
    fflush(stdout);
  }
}
