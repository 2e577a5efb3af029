// Calls a ledger's verbs from a test: each is run to its end. Time stands still until told.
#pragma once

#include "hub/ledger/ledger.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace ecert::hub {

class ledger_caller {
  protected:
    template <class T>
    T run(awaitable<T> what) {
        std::optional<T> answer;
        boost::asio::co_spawn(loop_, std::move(what), [&](std::exception_ptr e, T value) {
            if (e) std::rethrow_exception(e);
            answer.emplace(std::move(value));
        });
        loop_.restart();
        loop_.run();
        return std::move(*answer);
    }
    template <class T>
    T good(awaitable<result<T>> what) {
        auto answer = run(std::move(what));
        EXPECT_TRUE(answer.has_value()) << (answer ? "" : answer.error().text);
        return std::move(answer).value();  // throws the failure's text
    }
    void good(awaitable<result<void>> what) {
        const auto answer = run(std::move(what));
        EXPECT_TRUE(answer.has_value()) << (answer ? "" : answer.error().text);
    }
    void close(std::unique_ptr<ledger>& books) {
        boost::asio::co_spawn(loop_, books->close(), [](std::exception_ptr) {});
        loop_.restart();
        loop_.run();
        books.reset();
    }

    accept_request push(std::string number, std::string bytes, int status = 70) const {
        accept_request r;
        r.agency = "NPPO";
        r.partner = "NL";
        r.channel = "ippc";
        r.envelope = {"CN", "NL", std::move(number), 851, status};
        r.content = crypto::from_memory(std::move(bytes));
        r.completes = completes_at::acknowledged;
        r.at = time_.now();
        return r;
    }
    static std::string receipt(const acceptance& a) {
        return "receipt of " + queue::to_string(a.delivery) + " at " + rfc3339(a.at);
    }

    manual_clock time_{time_point{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}}};
    boost::asio::io_context loop_;
};

}  // namespace ecert::hub
