/// Families of metrics in the words of prometheus-cpp, each sample with the label `chain`.
#pragma once

#include "cairn/base/histogram.hpp"

#include <prometheus/metric_family.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace cairn::metrics {

using Labels = std::vector<prometheus::ClientMetric::Label>;

/// Gathers families in the order in which they are begun.
class Families {
  public:
    explicit Families(std::string chain) : chain_{std::move(chain)} {}

    /// @name Families of one sample
    /// @{
    void add_gauge(std::string name, std::string help, double value);
    void add_counter(std::string name, std::string help, double value);
    /// @}

    /// Begins a family; `add_sample` gives it samples.
    void begin(std::string name, std::string help, prometheus::MetricType type);
    /// A sample of the last family, which must be of counters or gauges.
    void add_sample(Labels labels, double value);
    /// A sample of the last family, which must be of histograms. A bucket's bound and the sum are
    /// `1 / divisor` of what `histogram` counts: 1000 makes seconds of milliseconds.
    template <std::size_t Count>
    void add_histogram(Labels labels, const Histogram<Count>& histogram, double divisor);

    [[nodiscard]] const std::vector<prometheus::MetricFamily>& all() const { return families_; }

  private:
    [[nodiscard]] prometheus::ClientMetric make_sample(Labels labels) const;

    std::string chain_;
    std::vector<prometheus::MetricFamily> families_;
};

template <std::size_t Count>
void Families::add_histogram(Labels labels, const Histogram<Count>& histogram, double divisor) {
    auto sample = make_sample(std::move(labels));
    std::uint64_t cumulative = 0;
    for (std::size_t i = 0; i < Count; ++i) {
        cumulative += histogram.counts()[i];
        sample.histogram.bucket.push_back(
            {.cumulative_count = cumulative,
             .upper_bound = static_cast<double>(histogram.bounds()[i]) / divisor}
        );
    }
    // The serializer writes the bucket of all, `+Inf`, by itself.
    sample.histogram.sample_count = histogram.count();
    sample.histogram.sample_sum = static_cast<double>(histogram.sum()) / divisor;
    families_.back().metric.push_back(std::move(sample));
}

}  // namespace cairn::metrics
