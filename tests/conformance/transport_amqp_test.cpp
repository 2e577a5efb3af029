#include "queue/amqp/amqp.hpp"
#include "tests/conformance/transport_suite.hpp"
#include "tests/support/broker.hpp"

namespace ecert::conformance {

struct amqp_queue {
    static std::unique_ptr<queue::transport> make(asio::any_io_executor on, std::size_t messages) {
        auto& broker = tests::broker::shared();
        broker.delete_queues();
        auto settings = broker.settings();
        settings.queue_messages = messages;
        return queue::make_amqp(std::move(on), std::move(settings), "conformance");
    }
};
INSTANTIATE_TYPED_TEST_SUITE_P(amqp, transport_suite, amqp_queue);

}  // namespace ecert::conformance
