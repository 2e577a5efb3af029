// Two nodes in one process: CN calls over a real HTTP client, NZ serves over a real HTTP server,
// both with the same dialect and keys of a development PKI. What passes between them can be changed
// on the way.
#pragma once

#include "adapters/engine/engine.hpp"
#include "adapters/http/client.hpp"
#include "adapters/http/server.hpp"
#include "crypto/xml/document.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>

namespace ecert::tests {

namespace fs = std::filesystem;

inline const crypto::xml::library& xml_library() {
    static const crypto::xml::library once;
    return once;
}

// A folder of this test program alone, removed at its end.
class temporary_folder {
  public:
    explicit temporary_folder(const std::string& name)
        : path_{fs::temp_directory_path() /
                (name + "-" + crypto::sha256_of(crypto::random_bytes(16)).hex().substr(0, 16))} {
        fs::create_directories(path_);
    }
    ~temporary_folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;
    const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

// Signing keys of CN, NZ and a stranger, made once.
inline const fs::path& development_pki() {
    static const temporary_folder folder{"ecert-pki"};
    static const bool made = [] {
        const auto command = "sh '" + std::string{ECERT_SOURCE_DIR} + "/deploy/pki/make-pki.sh' '" +
                             folder.path().string() + "' CN NZ XX >/dev/null 2>&1";
        return std::system(command.c_str()) == 0;
    }();
    EXPECT_TRUE(made) << "the development PKI could not be made";
    return folder.path();
}

inline crypto::certificate signing_certificate(const std::string& node) {
    return crypto::certificate::from_pem_file(development_pki() / (node + "-signing.pem"))
        .value()
        .front();
}

inline fs::path built_in_dialects() { return fs::path{ECERT_SOURCE_DIR} / "adapters/dialects"; }

inline engine::dialect_ptr load_dialect(const fs::path& folder, const std::string& name) {
    xml_library();
    auto loaded = engine::load_dialects({folder});
    for (const auto& each : loaded.found)
        if (each.level == severity::error)
            ADD_FAILURE() << each.id << " " << each.where << " " << each.value << " "
                          << each.expected;
    const auto at = loaded.all.find(name);
    return at == loaded.all.end() ? nullptr : at->second;
}

class two_nodes {
  public:
    explicit two_nodes(engine::dialect_ptr with, const clock& time = machine_clock())
        : time_{time}, dialect_{std::move(with)} {
        xml_library();
        std::map<std::string, key_settings> keys;
        for (const auto* name : {"CN", "NZ", "XX"})
            keys[name] = {name, development_pki() / (std::string{name} + "-signing.key"),
                          development_pki() / (std::string{name} + "-signing.pem")};
        auto loaded = crypto::make_pem_signer(keys, work_);
        keys_ = loaded.value;
        limits_.spool_threshold = 256 * kib;
        start_server();
        caller_ = make_channel("CN", "NZ");
        caller_->client = make_client();
        to_.name = "NZ";
        to_.channel = "nz";
    }

    template <class F>
    auto run(F coroutine) {
        using value = typename decltype(coroutine())::value_type;
        std::exception_ptr broke;
        auto keep = [&](auto&& into) {
            boost::asio::co_spawn(loop_, std::move(coroutine), std::forward<decltype(into)>(into));
            loop_.restart();
            loop_.run_for(std::chrono::seconds{60});
        };
        if constexpr (std::is_void_v<value>) {
            bool done = false;
            keep([&](std::exception_ptr e) {
                broke = e;
                done = true;
                loop_.stop();
            });
            if (broke) std::rethrow_exception(broke);
            if (!done) throw std::runtime_error("did not end in time");
        } else {
            std::optional<value> result;
            keep([&](std::exception_ptr e, value v) {
                broke = e;
                if (!e) result.emplace(std::move(v));
                loop_.stop();
            });
            if (broke) std::rethrow_exception(broke);
            return std::move(result.value());
        }
    }

    ~two_nodes() {
        caller_->client->close();
        run([&]() -> awaitable<void> { co_await server_->stop(duration{0}); });
        caller_.reset();
        loop_.restart();
        loop_.poll();
        work_.join();
    }

    engine::tools tools() { return {work_, time_, limits_, spool_.path()}; }

    static queue::task delivery(const crypto::source& content) {
        queue::task t;
        t.verb = queue::verb::deliver;
        t.message = queue::derive({"message", content.digest().hex()});
        t.id = queue::task_id(t.message, "deliver");
        t.attempt = 1;
        t.partner = "NZ";
        t.channel = "nz";
        t.envelope = {"CN", "NZ", "CN/2026/0001 <&\"'>", 851, 70};
        return t;
    }

    queue::outcome call(queue::task what, crypto::source_ptr content,
                        crypto::source_ptr kept = nullptr, crypto::source_ptr* made = nullptr) {
        return run([&]() -> awaitable<queue::outcome> {
            co_return co_await engine::call(tools(), caller_, to_, what, content, kept, made);
        });
    }
    queue::outcome deliver(const std::string& bytes) {
        auto content = crypto::from_memory(bytes);
        return call(delivery(*content), content);
    }

    // Posts this body as it is, and gives what came back.
    http::reply_received post(std::string body) {
        return run([&]() -> awaitable<http::reply_received> {
            http::call c;
            c.target = "/node";
            c.fields.set("Content-Type", "application/soap+xml");
            c.size = body.size();
            c.body = {std::move(body)};
            co_return co_await caller_->client->send(std::move(c));
        });
    }

    std::shared_ptr<engine::channel> make_channel(const std::string& node,
                                                  const std::string& peer) {
        auto made = std::make_shared<engine::channel>();
        made->node = node;
        made->dialect = dialect_;
        made->keys = keys_;
        made->profile.name = peer == "NZ" ? "nz" : "cn";
        made->profile.dialect = dialect_->name;
        made->profile.endpoint =
            "http://127.0.0.1:" + std::to_string(server_ ? server_->port() : 0) + "/node";
        made->profile.signing_key = node;
        made->signers = {signing_certificate(peer)};
        return made;
    }

    std::shared_ptr<http::client> make_client() {
        http::client_settings settings;
        settings.endpoint = caller_
                                ? caller_->profile.endpoint
                                : "http://127.0.0.1:" + std::to_string(server_->port()) + "/node";
        settings.spool_folder = spool_.path();
        auto made = http::make_client(loop_.get_executor(), settings, work_);
        if (!made) throw std::runtime_error(made.error().text);
        return std::move(*made);
    }

    // What the server saw last, and what may be done to what it answers.
    std::optional<engine::served> seen;
    std::optional<engine::fault> refused;
    http::fields sent_with;
    std::function<std::optional<engine::fault>(const engine::served&)> judge;
    std::function<void(engine::facts&)> facts;
    std::function<http::response(http::response)> on_the_way_back;
    std::function<std::string(std::string)> on_the_way_there;

    std::shared_ptr<engine::channel> caller_, server_channel_;
    partner_settings to_;
    limit_settings limits_;
    boost::asio::io_context loop_{1};
    pool work_{2};

  private:
    awaitable<http::response> serve(http::incoming& request) {
        sent_with = request.head().fields;
        auto body = co_await request.read_body(200 * mib);
        auto bytes = body.value();
        if (on_the_way_there)
            bytes = crypto::from_memory(on_the_way_there(crypto::read_all(*bytes, 4 * mib)));
        auto read = co_await engine::read_request(tools(), server_channel_, request.head(), bytes);
        if (!read) {
            refused = read.error();
            co_return co_await engine::write_fault(tools(), server_channel_, "", read.error());
        }
        seen = *read;
        if (judge)
            if (auto fault = judge(*seen))
                co_return co_await engine::write_fault(tools(), server_channel_, seen->message_id,
                                                       *fault);
        engine::facts known{
            {"message_id", seen->message_id}, {"receiver", "NZ"}, {"time", rfc3339(time_.now())}};
        if (seen->content) {
            known["digest"] = seen->content->digest().hex();
            known["size"] = std::to_string(seen->content->size());
        }
        if (facts) facts(known);
        auto receipt = co_await engine::render_reply(tools(), server_channel_, *seen, known);
        co_return co_await engine::write_reply(tools(), server_channel_, *seen, receipt.value());
    }

    void start_server() {
        http::server_settings settings;
        settings.name = "partners";
        settings.at = http::plain_listener{0};
        settings.limits = limits_;
        settings.spool_folder = spool_.path();
        auto handler = [this](http::incoming& request) -> awaitable<http::response> {
            auto answer = co_await serve(request);
            if (on_the_way_back) answer = on_the_way_back(std::move(answer));
            co_return answer;
        };
        auto made = http::serve(loop_.get_executor(), settings, handler, work_, bodies_);
        if (!made) throw std::runtime_error(made.error().text);
        server_ = std::move(*made);
        server_channel_ = make_channel("NZ", "CN");
    }

    const clock& time_;
    engine::dialect_ptr dialect_;
    temporary_folder spool_{"ecert-spool"};
    http::budget bodies_{loop_.get_executor(), 512 * mib};
    std::shared_ptr<crypto::signer> keys_;
    std::unique_ptr<http::server> server_;
};

// The text of a response that is small.
inline std::string text_of(const http::response& r) {
    return crypto::xml::to_string(r.body, 4 * mib);
}

inline http::response with_text(http::response r, std::string text) {
    r.size = text.size();
    r.body = {std::move(text)};
    return r;
}

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

}  // namespace ecert::tests
