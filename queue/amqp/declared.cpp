#include "queue/amqp/declared.hpp"

#include "queue/amqp/log_events.hpp"
#include "queue/transport.hpp"

#include <thread>

namespace ecert::queue::amqp {
namespace {

// Declared again at once (RabbitMQ 3.10), its consumers elsewhere are not told: the broker counts
// them, hands messages to them, and they arrive nowhere until those consumers look again.
constexpr duration cancels_arrive{100};

// False: we may not.
bool make(connection& over, channel_number scratch, const std::string& queue,
          const amqp_settings& by) {
    over.open(scratch);
    try {
        over.declare(scratch, queue, arguments_of(queue, by));
    } catch (const channel_refused& refused) {
        if (refused.code != access_refused) throw;
        return false;
    }
    over.close(scratch);
    return true;
}

void must_be_there(connection& over, channel_number scratch, const std::string& queue) {
    over.open(scratch);
    over.look_at(scratch, queue);
    over.close(scratch);
}

}  // namespace

bool declare(connection& over, channel_number scratch, const std::string& queue,
             const amqp_settings& by, status& is) {
    const std::scoped_lock alone{is.declaring};
    try {
        if (is_work_queue(queue)) make(over, scratch, poison_queue, by);
        if (!make(over, scratch, queue, by)) must_be_there(over, scratch, queue);
        is.queue_well(queue);
        return true;
    } catch (const channel_refused& refused) {
        const bool differs = refused.code == other_arguments;
        const std::string why =
            differs ? difference(queue, refused.what())
                    : "the broker refuses the queue " + queue + ": " + refused.what();
        if (differs)
            queue_log::queue_differs(queue, why);
        else
            queue_log::queue_refused(queue, why);
        is.queue_ill(queue, why);
        return false;
    }
}

bool rebuild(connection& over, channel_number scratch, const std::string& queue,
             const amqp_settings& by, status& is, const char* why) {
    try {
        over.open(scratch);
        over.remove(scratch, queue);
        over.close(scratch);
    } catch (const channel_refused& refused) {
        const std::string text = "the queue " + queue + " must be rebuilt (" + why +
                                 "), and we may not delete it: the hub must: " + refused.what();
        queue_log::queue_refused(queue, text);
        is.queue_ill(queue, text);
        return false;
    }
    std::this_thread::sleep_for(cancels_arrive);
    queue_log::queue_rebuilt(queue, why);
    return declare(over, scratch, queue, by, is);
}

}  // namespace ecert::queue::amqp
