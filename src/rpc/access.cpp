#include "src/rpc/access.hpp"

#include "cairn/rpc/command.hpp"
#include "cairn/rpc/limits.hpp"

namespace cairn::rpc {

namespace {

ControlRefusal auth_required(std::string message, std::string actual, bool is_delayed) {
    return {
        .error =
            {.code = ErrorCode::auth_required,
             .message = std::move(message),
             .field = "auth",
             .expected = "the content of control.cookie",
             .actual = std::move(actual),
             .hint = "It stands in control.cookie in the data directory, new at each start."},
        .is_delayed = is_delayed,
    };
}

ControlRefusal from_elsewhere(std::string message, std::string hint) {
    return {
        .error = {
            .code = ErrorCode::forbidden,
            .message = std::move(message),
            .expected = "a request from the node's own machine",
            .actual = "one from another machine",
            .hint = std::move(hint)}};
}

}  // namespace

Result<void, Error> check_chain(const codec::Json& request, const chain::Blockchain& chain) {
    const auto* wanted = request.find("chain");
    if (wanted == nullptr)
        return {};
    const auto* name = wanted->if_text();
    const std::string hint = "status tells the name and the id of its chain.";
    if (name == nullptr) {
        auto error = bad_field("chain", "a chain's name or id", wanted->kind());
        error.hint = hint;
        return tl::unexpected{std::move(error)};
    }
    if (*name == chain.spec().name || *name == to_hex(chain.id()))
        return {};
    return tl::unexpected{Error{
        .code = ErrorCode::wrong_chain,
        .message = "This node keeps another chain.",
        .field = "chain",
        .expected = chain.spec().name,
        .actual = printable(*name),
        .hint = hint}};
}

bool is_same_secret(std::string_view left, std::string_view right) {
    if (left.size() != right.size())
        return false;
    // Volatile, so that the compiler cannot stop at the first difference.
    volatile unsigned difference = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
        const auto a = static_cast<unsigned char>(left[i]);
        const auto b = static_cast<unsigned char>(right[i]);
        difference = difference | static_cast<unsigned>(a ^ b);
    }
    return difference == 0;
}

std::optional<ControlRefusal> check_control(const codec::Json& request, const ControlRules& rules) {
    if (!rules.is_loopback)
        return from_elsewhere(
            "Control commands are taken from this machine only.", "Give the command there."
        );
    if (rules.is_open)
        return std::nullopt;
    if (rules.cookie.empty())
        return ControlRefusal{
            .error = {
                .code = ErrorCode::forbidden,
                .message = "This node takes no control commands.",
                .expected = "a node with a control cookie",
                .actual = "a node without",
                .hint = "cairn node makes one at its start."}};
    const auto* auth = request.find("auth");
    if (auth == nullptr)
        return auth_required("This command needs auth.", "no auth", false);
    const auto* text = auth->if_text();
    if (text == nullptr || !is_same_secret(*text, rules.cookie))
        return auth_required("This is not the content of the cookie.", "something else", true);
    return std::nullopt;
}

Error unknown_command(std::string_view name) {
    const auto similar = similar_command(name);
    std::string hint = "help lists the commands.";
    if (!similar.empty())
        hint = "Did you mean " + std::string{similar} + "?";
    else if (find_command(name.substr(0, name.find('_'))) != nullptr)
        hint = "Arguments are written as name=value.";
    return {
        .code = ErrorCode::unknown_command,
        .message = "There is no such command.",
        .expected = "a command that help lists",
        .actual = printable(name),
        .hint = std::move(hint)};
}

Error closed_to_strangers() {
    return from_elsewhere(
               "This node answers text requests from its own machine only.",
               "Start it with --open-probe to answer others."
    )
        .error;
}

}  // namespace cairn::rpc
