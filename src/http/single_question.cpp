#include "src/http/single_question.hpp"

#include "src/http/members.hpp"
#include "src/http/rest.hpp"

#include <utility>

namespace cairn::http {

namespace {

class SingleQuestion final : public Exchange {
  public:
    SingleQuestion(std::string question, FinishReply finish)
        : question_{std::move(question)}, finish_{std::move(finish)} {}

    [[nodiscard]] std::optional<Question> next() override {
        if (question_.empty())
            return std::nullopt;
        return Question{.text = std::exchange(question_, {})};
    }

    void take(std::string answer) override { answer_ = std::move(answer); }

    [[nodiscard]] HttpReply reply() override {
        if (is_error_text(answer_))
            return answer_reply(std::move(answer_));
        return finish_(std::move(answer_));
    }

  private:
    std::string question_;
    FinishReply finish_;
    std::string answer_;
};

}  // namespace

std::unique_ptr<Exchange> ask_once(std::string question, FinishReply finish) {
    return std::make_unique<SingleQuestion>(std::move(question), std::move(finish));
}

std::unique_ptr<Exchange> ask_once(std::string question) {
    return ask_once(std::move(question), answer_reply);
}

}  // namespace cairn::http
