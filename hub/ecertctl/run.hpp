// Runs one coroutine to its end, for a program that does one thing.
#pragma once

#include "config/pool.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>

namespace ecert::ctl {

template <class T>
T run(boost::asio::io_context& loop, awaitable<T> work) {
    std::optional<T> value;
    std::exception_ptr failed;
    boost::asio::co_spawn(loop, std::move(work), [&](std::exception_ptr e, T result) {
        failed = e;
        value = std::move(result);
        loop.stop();
    });
    loop.restart();
    loop.run();
    if (failed) std::rethrow_exception(failed);
    return std::move(*value);
}

}  // namespace ecert::ctl
