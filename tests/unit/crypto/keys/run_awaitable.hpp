// Runs one coroutine to its end and gives its result.
#pragma once

#include "config/pool.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>

namespace ecert::testing {

template <class T>
T run_awaitable(awaitable<T> work) {
    boost::asio::io_context loop;
    std::optional<T> made;
    std::exception_ptr thrown;
    boost::asio::co_spawn(loop, std::move(work), [&](std::exception_ptr e, T value) {
        thrown = e;
        made = std::move(value);
    });
    loop.run();
    if (thrown) std::rethrow_exception(thrown);
    return *std::move(made);
}

}  // namespace ecert::testing
