#include "src/metrics/families.hpp"

#include <iterator>

namespace cairn::metrics {

using prometheus::MetricType;

void Families::add_gauge(std::string name, std::string help, double value) {
    begin(std::move(name), std::move(help), MetricType::Gauge);
    add_sample({}, value);
}

void Families::add_counter(std::string name, std::string help, double value) {
    begin(std::move(name), std::move(help), MetricType::Counter);
    add_sample({}, value);
}

void Families::begin(std::string name, std::string help, MetricType type) {
    families_.push_back(
        {.name = std::move(name), .help = std::move(help), .type = type, .metric = {}}
    );
}

void Families::add_sample(Labels labels, double value) {
    auto sample = make_sample(std::move(labels));
    if (families_.back().type == MetricType::Counter)
        sample.counter.value = value;
    else
        sample.gauge.value = value;
    families_.back().metric.push_back(std::move(sample));
}

prometheus::ClientMetric Families::make_sample(Labels labels) const {
    prometheus::ClientMetric sample;
    sample.label.reserve(labels.size() + 1);
    sample.label.push_back({.name = "chain", .value = chain_});
    std::move(labels.begin(), labels.end(), std::back_inserter(sample.label));
    return sample;
}

}  // namespace cairn::metrics
