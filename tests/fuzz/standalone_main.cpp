// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs a fuzz target without libFuzzer: every file of a corpus, then random mutations of them,
// within a few seconds. It finds less than libFuzzer does, but it runs with every compiler and in
// every test run.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t kLargestInput = 64 * 1024;
constexpr std::uint64_t kDefaultRuns = 20'000;
constexpr auto kBudget = std::chrono::seconds(5);

std::uint64_t setting(const char* name, std::uint64_t fallback) {
    const char* value = std::getenv(name);
    return value ? std::strtoull(value, nullptr, 10) : fallback;
}

void run(const std::string& input) {
    // A copy of exactly this size, so that a sanitizer sees a read behind its end.
    const std::vector<std::uint8_t> bytes(input.begin(), input.end());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

std::vector<std::string> load(const std::vector<std::filesystem::path>& paths) {
    std::vector<std::string> corpus;
    const auto add = [&corpus](const std::filesystem::path& path) {
        std::ifstream in(path, std::ios::binary);
        corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    };
    for (const auto& path : paths) {
        if (!std::filesystem::is_directory(path)) {
            add(path);
            continue;
        }
        std::vector<std::filesystem::path> files;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path))
            if (entry.is_regular_file()) files.push_back(entry.path());
        std::sort(files.begin(), files.end());
        std::for_each(files.begin(), files.end(), add);
    }
    return corpus;
}

class Mutator {
  public:
    Mutator(const std::vector<std::string>& corpus, std::uint64_t seed)
        : corpus_(corpus), random_(seed) {}

    std::string next() {
        std::string input = pick();
        for (std::size_t i = below(6); i > 0; --i) change(input);
        input.resize(std::min(input.size(), kLargestInput));
        return input;
    }

  private:
    std::size_t below(std::size_t bound) {
        return bound == 0 ? 0 : static_cast<std::size_t>(random_() % bound);
    }
    const std::string& pick() { return corpus_[below(corpus_.size())]; }

    void change(std::string& input) {
        const std::size_t at = below(input.size() + 1);
        switch (below(7)) {
            case 0:
                if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
                break;
            case 1:
                if (at < input.size()) input[at] = static_cast<char>(below(256));
                break;
            case 2:
                input.insert(at, 1, static_cast<char>(below(256)));
                break;
            case 3:
                input.erase(at, 1 + below(16));
                break;
            case 4:
                input.resize(at);
                break;
            case 5: {
                const std::string part = input.substr(at, below(64));
                input.insert(below(input.size() + 1), part);
                break;
            }
            default: {
                const std::string& other = pick();
                const std::size_t from = below(other.size());
                input = input.substr(0, at) + other.substr(from);
            }
        }
    }

    const std::vector<std::string>& corpus_;
    std::mt19937_64 random_;
};

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> corpus = load({argv + 1, argv + argc});
    for (const auto& input : corpus) run(input);
    const std::size_t from_files = corpus.size();
    corpus.emplace_back();  // so that there is something to change
    const std::uint64_t seed = setting("HEARTH_SEED", 1);
    const std::uint64_t wanted = setting("HEARTH_FUZZ_RUNS", kDefaultRuns);
    Mutator mutator(corpus, seed);
    std::uint64_t runs = 0;
    for (const auto end = std::chrono::steady_clock::now() + kBudget;
         runs < wanted && std::chrono::steady_clock::now() < end; ++runs)
        run(mutator.next());
    std::cout << from_files << " corpus files, " << runs << " mutations, seed " << seed << "\n";
    return 0;
}
