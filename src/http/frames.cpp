#include "src/http/frames.hpp"

#include "src/http/body.hpp"
#include "src/http/members.hpp"
#include "src/http/rest.hpp"

#include "cairn/codec/json.hpp"
#include "cairn/http/error_reply.hpp"
#include "cairn/wire/frame.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace cairn::http {

namespace {

/// Rules of this prefix are the door's own: no node has sent such an error in a frame.
constexpr std::string_view door_rules = "http.";

/// Writes the member `name`: the frame of `payload`, cut where its header ends.
void write_frame(codec::JsonWriter& writer, std::string_view name, std::string_view payload) {
    Bytes header;
    wire::append_frame_header(header, payload.size());
    writer.write_name(name);
    writer.begin_object();
    writer.write_name("header");
    writer.write_text(std::string{header.begin(), header.end()});
    writer.write_name("payload");
    writer.write_text(payload);
    writer.end_object();
}

class FramesExchange final : public Exchange {
  public:
    explicit FramesExchange(std::string request) : request_{std::move(request)} {}

    [[nodiscard]] std::optional<Question> next() override {
        if (std::exchange(is_asked_, true))
            return std::nullopt;
        return Question{.text = request_};
    }

    void take(std::string answer) override { answer_ = std::move(answer); }

    [[nodiscard]] HttpReply reply() override {
        const auto rule = plain_text(member(member(answer_, "data"), "rule"));
        if (is_error_text(answer_) && rule.starts_with(door_rules))
            return answer_reply(std::move(answer_));
        codec::JsonWriter writer;
        writer.begin_object();
        write_frame(writer, "request", request_);
        write_frame(writer, "reply", answer_);
        writer.end_object();
        return HttpReply{.body = writer.take()};
    }

  private:
    std::string request_;
    bool is_asked_ = false;
    std::string answer_;
};

HttpReply no_text_request(std::string actual) {
    return error_reply(
        {.rule = rpc::DoorRule::wrong_parameters,
         .message = "The body does not name the text of a request.",
         .expected = R"({"request":TEXT}, a text that begins with a printable ASCII character)",
         .actual = std::move(actual),
         .hint = R"(Name a command line or a JSON object, such as {"request":"status"}.)"}
    );
}

}  // namespace

Decision decide_frames(const HttpRequest& request, std::string_view) {
    auto body = read_body_object(request);
    if (!body)
        return std::move(body.error());
    const auto* members = body->if_object();
    const auto* value = body->find("request");
    const auto* text = value == nullptr ? nullptr : value->if_text();
    if (text == nullptr || members->size() != 1)
        return no_text_request(request.body.empty() ? "no body" : "other members");
    // Other first bytes are those of peers' messages: over TCP no text would answer them.
    const auto form = text->empty() ? wire::PayloadForm::unknown
                                    : wire::payload_form(static_cast<std::uint8_t>(text->front()));
    if (form != wire::PayloadForm::json && form != wire::PayloadForm::text_line)
        return no_text_request(text->empty() ? "an empty text" : rpc::printable(*text));
    return std::make_unique<FramesExchange>(*text);
}

}  // namespace cairn::http
