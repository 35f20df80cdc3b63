/// What arguments a request has, read from its own `serialize`: so help and generated descriptions
/// cannot differ from what is really accepted.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/quantity.hpp"
#include "cairn/codec/error.hpp"
#include "cairn/codec/fields.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace cairn::rpc {

/// A number with the largest value that its command accepts, and the least.
template <std::uint64_t Max, std::uint64_t Min = 0>
struct UpTo {
    static constexpr std::uint64_t max = Max;
    std::uint64_t value = Min;

    void save(auto& archive) const { archive(value); }

    void load(auto& archive) {
        value = archive.take_number(Max);
        if (!archive.failed() && value < Min)
            archive.fail(
                codec::DecodeError::wrong_type,
                "integer from " + std::to_string(Min) + " to " + std::to_string(Max),
                std::to_string(value)
            );
    }
};

/// One argument of a command.
struct Argument {
    std::string_view name;
    /// `number`, `boolean`, `text`, `hex` or `json`.
    std::string_view type;
    bool is_required = true;
    /// The default in the form of a command line; empty when there is none.
    std::string preset;
    /// The least number.
    std::uint64_t min = 0;
    /// The largest number; the largest length in bytes of text; the length in bytes of hexadecimal.
    std::optional<std::uint64_t> max;
};

/// An archive that only looks at the fields it is given.
class Describer {
  public:
    template <class... Fields>
    void operator()(const Fields&... fields) {
        (add(fields), ...);
    }

    [[nodiscard]] const std::vector<Argument>& arguments() const { return arguments_; }

  private:
    template <class T>
    void add(const cereal::NameValuePair<T>& pair) {
        arguments_.push_back({.name = pair.name});
        describe(pair.value);
    }

    template <class T>
    void describe(const codec::Defaulted<T>& field) {
        describe(field.value);
        arguments_.back().is_required = false;
        arguments_.back().preset = preset_of(field.value);
    }

    template <class T>
    void describe(const std::optional<T>&) {
        describe(T{});
        arguments_.back().is_required = false;
    }

    template <std::size_t Max, std::size_t MinimumSize, class T>
    void describe(const codec::Bounded<Max, MinimumSize, std::optional<T>>&) {
        T value;
        describe(codec::bounded<Max, MinimumSize>(value));
        arguments_.back().is_required = false;
    }

    template <std::size_t Max, std::size_t MinimumSize>
    void describe(const codec::Bounded<Max, MinimumSize, std::string>&) {
        set("text", Max);
    }

    template <std::size_t Max, std::size_t MinimumSize>
    void describe(const codec::Bounded<Max, MinimumSize, Bytes>&) {
        set("hex", Max);
    }

    template <std::size_t Size, class Tag>
    void describe(const FixedBytes<Size, Tag>&) {
        set("hex", Size);
    }

    template <class Tag>
    void describe(const Quantity<Tag>&) {
        set("number", quantity_max);
    }

    template <std::uint64_t Max, std::uint64_t Min>
    void describe(const UpTo<Max, Min>&) {
        set("number", Max);
        arguments_.back().min = Min;
    }

    template <std::same_as<bool> Boolean>
    void describe(const Boolean&) {
        set("boolean", std::nullopt);
    }

    /// Types that say themselves what they are.
    template <class T>
    requires requires { T::argument_type; }

    void describe(const T&) { set(T::argument_type, std::nullopt); }

    void set(std::string_view type, std::optional<std::uint64_t> max) {
        arguments_.back().type = type;
        arguments_.back().max = max;
    }

    template <class T>
    [[nodiscard]] static std::string preset_of(const T& field) {
        return std::to_string(field.value);
    }

    std::vector<Argument> arguments_;
};

/// The arguments of `Request`, in the order of its fields.
template <class Request>
[[nodiscard]] std::vector<Argument> describe_arguments() {
    Describer describer;
    if constexpr (requires(Request request) { request.serialize(describer); }) {
        Request request;
        request.serialize(describer);
    }
    return describer.arguments();
}

}  // namespace cairn::rpc
