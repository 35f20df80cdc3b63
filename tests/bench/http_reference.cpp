// What RESTinio alone can do, for http_bench.py: one thread that answers every request with the
// same body.
//
//     http_reference PORT BYTES
#include <restinio/all.hpp>

#include <cstdlib>
#include <string>

int main(int count, char** words) {
    if (count != 3)
        return EXIT_FAILURE;
    const std::string body(std::strtoul(words[2], nullptr, 10), 'x');
    restinio::run(restinio::on_this_thread<restinio::default_single_thread_traits_t>()
                      .address("127.0.0.1")
                      .port(static_cast<std::uint16_t>(std::strtoul(words[1], nullptr, 10)))
                      .request_handler([&body](const restinio::request_handle_t& request) {
                          return request->create_response()
                              .append_header(restinio::http_field::content_type, "application/json")
                              .set_body(body)
                              .done();
                      }));
    return EXIT_SUCCESS;
}
