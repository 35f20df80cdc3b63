#include "src/rpc/access.hpp"

#include "cairn/rpc/command.hpp"
#include "cairn/rpc/limits.hpp"

namespace cairn::rpc {

namespace {

ControlRefusal auth_required(std::string message, bool is_delayed) {
    return {
        .error =
            {.code = ErrorCode::auth_required,
             .message = std::move(message),
             .field = "auth",
             .hint = "It stands in control.cookie in the data directory, new at each start."},
        .is_delayed = is_delayed,
    };
}

ControlRefusal forbidden(std::string message, std::string hint) {
    return {
        .error = {
            .code = ErrorCode::forbidden, .message = std::move(message), .hint = std::move(hint)}};
}

}  // namespace

Result<void, Error> check_chain(const codec::Json& request, const chain::Blockchain& chain) {
    const auto* wanted = request.find("chain");
    if (wanted == nullptr)
        return {};
    const auto* name = wanted->if_text();
    if (name == nullptr)
        return tl::unexpected{bad_field("chain", "a chain's name or id", wanted->kind())};
    if (*name == chain.spec().name || *name == to_hex(chain.id()))
        return {};
    return tl::unexpected{Error{
        .code = ErrorCode::wrong_chain,
        .message = "This node keeps another chain.",
        .field = "chain",
        .expected = chain.spec().name,
        .actual = printable(*name)}};
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
        return forbidden("Control commands are taken from this machine only.", "");
    if (rules.is_open)
        return std::nullopt;
    if (rules.cookie.empty())
        return forbidden("This node takes no control commands.", "");
    const auto* auth = request.find("auth");
    if (auth == nullptr)
        return auth_required("This command needs auth.", false);
    const auto* text = auth->if_text();
    if (text == nullptr || !is_same_secret(*text, rules.cookie))
        return auth_required("This is not the content of the cookie.", true);
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
        .actual = printable(name),
        .hint = std::move(hint)};
}

Error closed_to_strangers() {
    return forbidden(
               "This node answers text requests from its own machine only.",
               "Start it with --open-probe to answer others."
    )
        .error;
}

}  // namespace cairn::rpc
