#include "hub/dispatch/together.hpp"

#include "hub/dispatch/bell.hpp"
#include "hub/dispatch/dispatch_log.hpp"

#include <boost/asio/co_spawn.hpp>

#include <memory>

namespace ecert::hub {
namespace {

struct tally {
    explicit tally(boost::asio::any_io_executor on) : ended{std::move(on)} {}
    bell ended;
    std::size_t left = 0;
};

void report(std::exception_ptr thrown) {
    if (!thrown) return;
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
        dispatch_log::job_failed(e.what());
    } catch (...) {
        dispatch_log::job_failed("an exception of no known type");
    }
}

}  // namespace

awaitable<bool> together(boost::asio::any_io_executor on, std::vector<awaitable<void>> jobs,
                         duration patience) {
    if (jobs.empty()) co_return true;
    auto count = std::make_shared<tally>(on);
    count->left = jobs.size();
    for (auto& job : jobs)
        boost::asio::co_spawn(on, std::move(job), [count](std::exception_ptr thrown) {
            report(thrown);
            if (--count->left == 0) count->ended.ring();
        });
    if (count->left > 0) co_await count->ended.wait(patience);
    co_return count->left == 0;
}

}  // namespace ecert::hub
