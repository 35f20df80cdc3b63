#include "src/metrics/process.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace cairn::metrics {

namespace {

/// Fields of `/proc/self/stat` as proc(5) numbers them, from 1.
constexpr std::size_t user_ticks_field = 14;
constexpr std::size_t system_ticks_field = 15;
constexpr std::size_t start_ticks_field = 22;
constexpr std::size_t virtual_bytes_field = 23;
constexpr std::size_t resident_pages_field = 24;

/// The numbers of `/proc/self/stat`; `at(field)` is 0 for what is not there.
class Stat {
  public:
    Stat() {
        std::ifstream file{"/proc/self/stat"};
        std::string text;
        std::getline(file, text);
        // The program's name stands in parentheses and may hold anything.
        constexpr std::size_t first_field_after_name = 3;
        fields_.resize(first_field_after_name);
        std::istringstream rest{text.substr(text.rfind(')') + 1)};
        for (std::string field; rest >> field;)
            fields_.push_back(field);
    }

    [[nodiscard]] std::uint64_t at(std::size_t field) const {
        if (field >= fields_.size())
            return 0;
        std::uint64_t value = 0;
        std::istringstream{fields_[field]} >> value;
        return value;
    }

  private:
    /// From 1, like the fields.
    std::vector<std::string> fields_;
};

double to_seconds(std::uint64_t ticks) {
    return static_cast<double>(ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::uint64_t count_descriptors() {
    std::error_code error;
    std::uint64_t count = 0;
    for (std::filesystem::directory_iterator entry{"/proc/self/fd", error}, end;
         !error && entry != end;
         entry.increment(error))
        ++count;
    // One of them is the look itself.
    return count == 0 ? 0 : count - 1;
}

}  // namespace

ProcessFacts read_process() {
    const Stat stat;
    ::rlimit limit{};
    const bool has_limit = ::getrlimit(RLIMIT_NOFILE, &limit) == 0;
    return {
        .processor_seconds = to_seconds(stat.at(user_ticks_field) + stat.at(system_ticks_field)),
        .resident_bytes =
            stat.at(resident_pages_field) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)),
        .virtual_bytes = stat.at(virtual_bytes_field),
        .open_descriptors = count_descriptors(),
        .descriptors_max = has_limit ? limit.rlim_cur : 0,
    };
}

double process_start_seconds() {
    std::ifstream file{"/proc/stat"};
    for (std::string name; file >> name; file.ignore(1 << 20, '\n')) {
        std::uint64_t booted = 0;
        if (name == "btime" && file >> booted)
            return static_cast<double>(booted) + to_seconds(Stat{}.at(start_ticks_field));
    }
    return 0;
}

}  // namespace cairn::metrics
