#include "queue/embedded/embedded.hpp"
#include "tests/conformance/transport_suite.hpp"

namespace ecert::conformance {

struct embedded_queue {
    static std::unique_ptr<queue::transport> make(asio::any_io_executor on, std::size_t messages) {
        queue::embedded_limits limits;
        limits.messages = messages;
        return queue::make_embedded(std::move(on), limits);
    }
};
INSTANTIATE_TYPED_TEST_SUITE_P(embedded, transport_suite, embedded_queue);

}  // namespace ecert::conformance
