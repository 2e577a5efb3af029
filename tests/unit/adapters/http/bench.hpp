// What the tests of this folder stand on: one I/O loop, a pool, a budget, a temporary folder, and a
// PKI made once for the whole program.
#pragma once

#include "adapters/http/client.hpp"
#include "adapters/http/server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>

namespace ecert::http::tests {

class temporary_folder {
  public:
    temporary_folder() {
        auto name = (std::filesystem::temp_directory_path() / "ecert-http-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    ~temporary_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    temporary_folder(const temporary_folder&) = delete;
    const std::filesystem::path& path() const { return path_; }
    bool empty() const { return std::filesystem::is_empty(path_); }

  private:
    std::filesystem::path path_;
};

// ca signs CN and NZ (server and client), elsewhere (a server of another name) and old (expired);
// other-ca signs stranger.
class pki {
  public:
    static const pki& get() {
        static const pki made;
        return made;
    }
    std::filesystem::path file(const std::string& name) const { return folder_.path() / name; }

    listener_settings listener() const {
        listener_settings at;
        at.certificate = file("NZ-server.pem");
        at.key = file("NZ-server.key");
        at.client_ca = file("ca.pem");
        return at;
    }
    channel_settings channel(const std::string& client = "CN-client") const {
        channel_settings with;
        with.name = "NZ";
        with.tls_ca = file("ca.pem");
        if (client.empty()) return with;
        with.tls_certificate = file(client + ".pem");
        with.tls_key = file(client + ".key");
        return with;
    }

  private:
    pki() {
        make("CN NZ");
        make("ca other-ca");
        make("client stranger other-ca");
        make("server elsewhere ca elsewhere.example");
        make("client old ca --expired");
    }
    void make(const std::string& what) const {
        const auto order = "sh '" ECERT_SOURCE_DIR "/deploy/pki/make-pki.sh' '" +
                           folder_.path().string() + "' " + what + " >/dev/null 2>&1";
        if (std::system(order.c_str()) != 0) throw std::runtime_error("no PKI: " + order);
    }
    temporary_folder folder_;
};

// Sanitizers keep freed memory: what the process holds says nothing there.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool memory_tells = false;
#else
constexpr bool memory_tells = true;
#endif

// The largest memory the process has held since forget_peak().
inline void forget_peak() { std::ofstream{"/proc/self/clear_refs"} << "5"; }
inline std::uint64_t peak_bytes() {
    std::ifstream status{"/proc/self/status"};
    for (std::string word; status >> word;)
        if (word == "VmHWM:") {
            std::uint64_t kilobytes = 0;
            status >> kilobytes;
            return kilobytes * 1024;
        }
    return 0;
}

class bench {
  public:
    boost::asio::io_context loop{1};
    pool work{2};
    temporary_folder folder;
    budget bodies{loop.get_executor(), 512 * mib};

    // Runs until the coroutine has ended; a minute is a failure.
    template <class F>
    auto run(F scenario) {
        using value = typename std::invoke_result_t<F&>::value_type;
        std::exception_ptr failed;
        bool done = false;
        const auto end = machine_clock().steady() + 60s;
        if constexpr (std::is_void_v<value>) {
            boost::asio::co_spawn(loop, scenario(), [&](std::exception_ptr e) {
                failed = e;
                done = true;
            });
            wait(done, end);
            if (failed) std::rethrow_exception(failed);
        } else {
            std::optional<value> got;
            boost::asio::co_spawn(loop, scenario(), [&](std::exception_ptr e, value v) {
                failed = e;
                got = std::move(v);
                done = true;
            });
            wait(done, end);
            if (failed) std::rethrow_exception(failed);
            return std::move(*got);
        }
    }

    server_settings settings(listener at) {
        server_settings with;
        with.name = "test";
        with.at = std::move(at);
        with.spool_folder = folder.path();
        return with;
    }
    std::unique_ptr<server> serving(server_settings with, handler to) {
        auto made = serve(loop.get_executor(), std::move(with), std::move(to), work, bodies);
        if (!made) throw std::runtime_error(made.error().text);
        return *std::move(made);
    }
    std::unique_ptr<server> serving_plain(handler to) {
        return serving(settings(plain_listener{}), std::move(to));
    }
    std::unique_ptr<server> serving_tls(handler to) {
        return serving(settings(pki::get().listener()), std::move(to));
    }

    std::unique_ptr<client> calling(std::uint16_t port, channel_settings tls,
                                    const std::string& host = "localhost",
                                    unsigned connections = 4) {
        client_settings with;
        with.endpoint = "https://" + host + ":" + std::to_string(port) + "/soap";
        with.tls = std::move(tls);
        return made(std::move(with), connections);
    }
    std::unique_ptr<client> calling_plain(std::uint16_t port, unsigned connections = 4) {
        client_settings with;
        with.endpoint = "http://127.0.0.1:" + std::to_string(port) + "/soap";
        return made(std::move(with), connections);
    }

  private:
    std::unique_ptr<client> made(client_settings with, unsigned connections) {
        with.connections = connections;
        with.spool_folder = folder.path();
        auto client = make_client(loop.get_executor(), std::move(with), work);
        if (!client) throw std::runtime_error(client.error().text);
        return *std::move(client);
    }
    void wait(const bool& done, steady_point end) {
        loop.restart();
        while (!done) {
            loop.run_one_for(std::chrono::milliseconds{100});
            if (machine_clock().steady() > end) throw std::runtime_error("it did not end");
        }
    }
};

inline call posting(std::string body) {
    call what;
    what.size = body.size();
    what.body.emplace_back(std::move(body));
    return what;
}

inline std::string text_of(const crypto::source_ptr& body) {
    return body ? crypto::read_all(*body, 16 * mib) : std::string{};
}

}  // namespace ecert::http::tests
