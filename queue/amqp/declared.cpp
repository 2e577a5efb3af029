#include "queue/amqp/declared.hpp"

#include "queue/amqp/log_events.hpp"
#include "queue/transport.hpp"

namespace ecert::queue::amqp {
namespace {

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
    over.count_ready(scratch, queue);
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
             const amqp_settings& by, status& is) {
    try {
        over.open(scratch);
        over.remove(scratch, queue);
        over.close(scratch);
    } catch (const channel_refused& refused) {
        const std::string why =
            "the broker can no longer use the queue " + queue +
            ", and we may not delete it: the hub must rebuild it: " + refused.what();
        queue_log::queue_refused(queue, why);
        is.queue_ill(queue, why);
        return false;
    }
    queue_log::queue_rebuilt(queue);
    return declare(over, scratch, queue, by, is);
}

}  // namespace ecert::queue::amqp
