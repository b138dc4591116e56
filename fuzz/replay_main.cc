// Stands in for libFuzzer in ordinary builds: runs the entry over every file of the given folders
// and over mutations of each, always the same ones.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

constexpr int kMutationsPerSeed = 500;

void Run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

// Overwrites, removes or repeats a few bytes; half of the new bytes are ones that the input has.
std::string Mutate(std::string input, std::mt19937& random) {
  const auto below = [&](size_t bound) { return static_cast<size_t>(random()) % bound; };
  for (size_t change = 1 + below(4); change > 0 && !input.empty(); --change) {
    const size_t at = below(input.size());
    switch (below(4)) {
      case 0: input[at] = static_cast<char>(below(256)); break;
      case 1: input[at] = input[below(input.size())]; break;
      case 2: input.erase(at, 1 + below(8)); break;
      default: input.insert(at, input.substr(below(input.size()), 1 + below(16)));
    }
  }
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  int seeds = 0;
  std::mt19937 random(42);
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string seed{std::istreambuf_iterator<char>(file), {}};
      Run(seed);
      for (int mutation = 0; mutation < kMutationsPerSeed; ++mutation) {
        Run(Mutate(seed, random));
      }
      ++seeds;
    }
  }
  std::printf("%d seeds replayed, %d mutations each\n", seeds, kMutationsPerSeed);
  return seeds > 0 ? 0 : 1;
}
