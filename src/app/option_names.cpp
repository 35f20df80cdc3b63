#include "src/app/option_names.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace cairn::app {

namespace {

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (true) {
        const auto end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

bool is_word(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char letter) {
        return std::islower(letter) != 0 || letter == '-';
    });
}

}  // namespace

OptionNames names_of(const Option& option) {
    OptionNames names;
    for (auto& name : split(option.names, ',')) {
        if (name.starts_with("--"))
            names.long_names.push_back(name.substr(2));
        else if (name.starts_with('-'))
            names.short_names.push_back(name.substr(1));
        else
            names.is_positional = true;
    }
    return names;
}

std::vector<std::string> choices_of(const Option& option) {
    auto words = split(option.value, '|');
    if (words.size() < 2 || !std::all_of(words.begin(), words.end(), is_word))
        return {};
    return words;
}

std::string environment_name(const std::string& long_name) {
    std::string name = "CAIRN_" + long_name;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char letter) {
        return letter == '-' ? '_' : static_cast<char>(std::toupper(letter));
    });
    return name;
}

}  // namespace cairn::app
