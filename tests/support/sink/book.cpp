#include "tests/support/sink/book.hpp"

#include "config/clock.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json.hpp>

#include <stdexcept>

namespace ecert::sink {
namespace {

namespace json = boost::json;
constexpr std::chrono::seconds longest_write{60};

std::string line_of(const arrival& what, const std::filesystem::path& stored) {
    const json::object line{{"at", what.at},
                            {"message_id", what.message_id},
                            {"from", what.envelope.from},
                            {"to", what.envelope.to},
                            {"number", what.envelope.number},
                            {"type", what.envelope.type},
                            {"status", what.envelope.status},
                            {"sha256", what.content->digest().hex()},
                            {"size", what.content->size()},
                            {"path", stored.string()},
                            {"receipt", what.receipt}};
    return json::serialize(line) + "\n";
}

std::string text(const json::object& line, const char* name) {
    return std::string{line.at(name).as_string()};
}

}  // namespace

struct book::batch {
    explicit batch(boost::asio::any_io_executor on) : over{std::move(on), longest_write} {}
    std::vector<arrival> all;
    boost::asio::steady_timer over;
    bool done = false;
    std::exception_ptr failed;
};

book::book(boost::asio::any_io_executor on, pool& work, const std::filesystem::path& log,
           std::filesystem::path store)
    : on_{std::move(on)}, work_{work}, log_{log}, store_{std::move(store)} {
    if (!store_.empty()) std::filesystem::create_directories(store_);
    read_log();
}

void book::read_log() {
    for (const auto& written : log_.lines()) {
        const auto line = json::parse(written).as_object();
        noted one{text(line, "message_id"),
                  {text(line, "from"), text(line, "to"), text(line, "number"),
                   static_cast<int>(line.at("type").as_int64()),
                   static_cast<int>(line.at("status").as_int64())}};
        known_[{one.envelope.from, one.message_id}] = {
            crypto::sha256::from_hex(text(line, "sha256")).value(), text(line, "receipt")};
        earlier_.push_back(std::move(one));
    }
}

awaitable<recorded> book::record(arrival what) {
    const key id{what.envelope.from, what.message_id};
    const auto digest = what.content->digest();
    bool ours = false;
    for (;;) {
        if (const auto at = known_.find(id); at != known_.end()) {
            const bool other = at->second.digest != digest;
            co_return recorded{at->second.receipt, !ours, other};
        }
        auto& waiting = under_way_[id];
        if (!waiting) {
            if (!next_) next_ = std::make_shared<batch>(on_);
            waiting = next_;
            next_->all.push_back(what);
            ours = true;
            if (!std::exchange(writing_, true))
                boost::asio::co_spawn(on_, write_batches(), boost::asio::detached);
        }
        const auto mine = waiting;
        if (!mine->done)
            co_await mine->over.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        if (mine->failed) std::rethrow_exception(mine->failed);
        if (!mine->done) throw std::runtime_error("the disk did not take a certificate in time");
    }
}

awaitable<void> book::write_batches() {
    while (next_) {
        const auto now = std::exchange(next_, nullptr);
        try {
            const auto task = [this, now] { write(*now); };
            co_await on_pool(work_, task);
            for (const auto& one : now->all)
                known_[{one.envelope.from, one.message_id}] = {one.content->digest(), one.receipt};
        } catch (...) {
            now->failed = std::current_exception();
        }
        for (const auto& one : now->all) under_way_.erase({one.envelope.from, one.message_id});
        now->done = true;
        now->over.cancel();
    }
    writing_ = false;
}

void book::write(const batch& all) {
    std::string lines;
    for (const auto& one : all.all) {
        std::filesystem::path file;
        if (!store_.empty()) {
            file = store_ / one.content->digest().hex();
            if (!std::filesystem::exists(file)) write_durably(file, *one.content);
        }
        lines += line_of(one, file);
    }
    log_.append(lines);
}

}  // namespace ecert::sink
