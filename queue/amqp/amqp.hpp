// The queue over RabbitMQ: quorum queues, confirmed publishes, two connections with a thread each.
//
// Guarantee: as queue/transport.hpp says, also while brokers stop, die, are wiped or replaced:
// everything declared or consumed here is declared again at the next connection. A queue that
// exists with other arguments takes and gives nothing; state() and the log name the argument,
// theirs and ours. Thread rule: one executor (of one thread), which outlives the transport. The
// destructor joins the threads: it may wait for a connect in progress (connect_timeout).
#pragma once

#include "config/settings.hpp"
#include "queue/transport.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>

namespace ecert::queue {

// `name` is what operators of the broker see: "CN hub". `reached` is for crash tests: called by the
// publishing thread with "unconfirmed" when a message has left and the broker has not answered yet.
std::unique_ptr<transport> make_amqp(boost::asio::any_io_executor on, amqp_settings settings,
                                     std::string name,
                                     std::function<void(const char*)> reached = {});

}  // namespace ecert::queue
