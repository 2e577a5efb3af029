// A request without a server: target, fields, body and who sent it are what the test says. And the
// loop that a handler needs.
#pragma once

#include "adapters/http/server.hpp"
#include "adapters/http/target.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <optional>
#include <string>
#include <utility>

namespace ecert::hub::tests {

class fake_incoming final : public http::incoming {
  public:
    fake_incoming(std::string method, std::string target) {
        head_.method = std::move(method);
        if (const auto read = http::read_target(std::move(target), head_); !read)
            throw std::runtime_error(read.error().text);
    }
    fake_incoming& field(std::string name, std::string value) {
        head_.fields.set(std::move(name), std::move(value));
        return *this;
    }
    fake_incoming& another(std::string name, std::string value) {
        head_.fields.add(std::move(name), std::move(value));
        return *this;
    }
    fake_incoming& body(std::string type, std::string bytes) {
        field("Content-Type", std::move(type));
        body_ = std::move(bytes);
        return *this;
    }
    fake_incoming& from(crypto::certificate peer) {
        peer_ = std::move(peer);
        return *this;
    }
    fake_incoming& from_unix(unsigned uid) {
        uid_ = uid;
        return *this;
    }
    fake_incoming& body_fails(failure f) {
        fails_ = std::move(f);
        return *this;
    }
    bool body_was_read() const { return read_; }

    const http::request_head& head() const override { return head_; }
    const std::optional<crypto::certificate>& peer() const override { return peer_; }
    std::optional<unsigned> unix_user() const override { return uid_; }
    std::string remote() const override { return "192.0.2.7:4711"; }
    awaitable<result<crypto::source_ptr>> read_body(std::uint64_t limit) override {
        read_ = true;
        if (fails_) co_return *fails_;
        if (body_.size() > limit)
            co_return failure{failure_kind::too_large, "over " + std::to_string(limit)};
        co_return crypto::from_memory(body_);
    }

  private:
    http::request_head head_;
    std::optional<crypto::certificate> peer_;
    std::optional<unsigned> uid_;
    std::optional<failure> fails_;
    std::string body_;
    bool read_ = false;
};

template <class T>
T run(boost::asio::io_context& loop, awaitable<T> what) {
    std::optional<T> value;
    std::exception_ptr thrown;
    boost::asio::co_spawn(loop, std::move(what), [&](std::exception_ptr e, T v) {
        thrown = e;
        if (!e) value = std::move(v);
    });
    loop.restart();
    loop.run();
    if (thrown) std::rethrow_exception(thrown);
    return std::move(value).value();
}

inline std::string body_of(const http::response& r) {
    return crypto::xml::to_string(r.body, 1 << 20);
}
inline boost::json::value json_of(const http::response& r) {
    return boost::json::parse(body_of(r));
}
inline std::string text_at(const boost::json::value& v, std::string_view pointer) {
    boost::system::error_code absent;
    const auto* found = v.find_pointer(pointer, absent);
    if (found == nullptr) return "(none)";
    return found->is_string() ? std::string{found->as_string()} : boost::json::serialize(*found);
}

// The problem ids of a refusal, in order, separated by blanks.
inline std::string error_ids(const http::response& r) {
    std::string all;
    const auto body = json_of(r);
    if (const auto* list = body.as_object().if_contains("errors"))
        for (const auto& e : list->as_array())
            all += std::string(all.empty() ? "" : " ") + text_at(e, "/id");
    return all;
}

}  // namespace ecert::hub::tests
