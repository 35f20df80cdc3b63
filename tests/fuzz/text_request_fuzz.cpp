// Any bytes as a text request: an object with a command's name or an error in printable ASCII.
#include "cairn/base/assert.hpp"
#include "cairn/rpc/command.hpp"
#include "cairn/rpc/request_text.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const auto request = cairn::rpc::parse_request(cairn::as_text({bytes, size}));
    if (request) {
        const auto* type = request->find("type");
        CAIRN_ASSERT(type != nullptr && type->if_text() != nullptr);
        static_cast<void>(cairn::rpc::find_command(*type->if_text()));
        static_cast<void>(cairn::rpc::similar_command(*type->if_text()));
        return 0;
    }
    const auto reply = cairn::rpc::to_json(request.error(), {});
    CAIRN_ASSERT(std::all_of(reply.begin(), reply.end(), [](char character) {
        return character >= ' ' && character <= '~';
    }));
    return 0;
}
