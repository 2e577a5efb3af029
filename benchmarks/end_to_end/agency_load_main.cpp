// agency-load: agencies that push certificates, as many at once as told, as fast as they are
// answered or at a fixed rate. Prints one JSON object: accepted, refused, seconds, latency
// percentiles in microseconds.
#include "adapters/http/client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using namespace ecert;
using steady = std::chrono::steady_clock;

struct told {
    std::string url, cert, key, ca, sample, prefix = "B";
    unsigned count = 1000, concurrency = 16;
    std::uint64_t size = 10 * 1024;
    double rate = 0;
    std::vector<std::string> to;
};

// The sample with @NUMBER@ for its number and @PAD@ for text that brings it to the size asked for.
class certificates {
  public:
    certificates(const told& t) : prefix_{t.prefix} {
        std::ifstream file(t.sample, std::ios::binary);
        text_.assign(std::istreambuf_iterator<char>(file), {});
        const auto pad = text_.find("@PAD@");
        if (pad == std::string::npos || text_.find("@NUMBER@") == std::string::npos)
            throw std::runtime_error("the sample has no @NUMBER@ and @PAD@");
        const auto missing = t.size > text_.size() ? t.size - text_.size() : 0;
        text_.replace(pad, 5, std::string(missing, 'x'));
    }
    std::string make(unsigned n) const {
        auto text = text_;
        text.replace(text.find("@NUMBER@"), 8, prefix_ + std::to_string(n));
        return text;
    }

  private:
    std::string prefix_, text_;
};

struct load {
    told with;
    certificates documents;
    http::client& client;
    steady::time_point began = steady::now();
    unsigned next = 0, accepted = 0, refused = 0, working = 0;
    double seconds = 0;
    std::string first_refusal;
    std::vector<double> microseconds;

    awaitable<void> agency(boost::asio::io_context& loop) {
        boost::asio::steady_timer timer(loop);
        ++working;
        while (next < with.count) {
            const auto n = next++;
            auto from = steady::now();
            if (with.rate >
                0) {  // latency counts from when it should have gone: no coordinated omission
                from = began +
                       std::chrono::microseconds(static_cast<std::int64_t>(1e6 * n / with.rate));
                timer.expires_at(from);
                co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
            }
            co_await push(n, from);
        }
        if (--working > 0) co_return;
        seconds = std::chrono::duration<double>(steady::now() - began).count();
        client.close();
        loop.stop();
    }

    awaitable<void> push(unsigned n, steady::time_point from) {
        http::call what;
        auto body = documents.make(n);
        what.size = body.size();
        what.target = "/v1/certificates";
        if (!with.to.empty()) what.target += "?to=" + with.to[n % with.to.size()];
        what.fields.set("Content-Type", "application/xml");
        what.body.emplace_back(std::move(body));
        const auto got = co_await client.send(std::move(what));
        microseconds.push_back(
            std::chrono::duration<double, std::micro>(steady::now() - from).count());
        if (got.stage == http::stage::replied && (got.status == 202 || got.status == 200)) {
            ++accepted;
            co_return;
        }
        ++refused;
        if (first_refusal.empty())
            first_refusal = got.error.empty() ? std::to_string(got.status) + " " +
                                                    (got.body ? read_all(*got.body, mib) : "")
                                              : got.error;
    }

    double percentile(double p) {
        if (microseconds.empty()) return 0;
        const auto at = static_cast<std::size_t>(p * static_cast<double>(microseconds.size() - 1));
        std::ranges::nth_element(microseconds,
                                 microseconds.begin() + static_cast<std::ptrdiff_t>(at));
        return microseconds[at];
    }
};

int run(const told& with) {
    boost::asio::io_context loop(1);
    pool work(1);
    channel_settings tls;
    tls.tls_certificate = with.cert;
    tls.tls_key = with.key;
    tls.tls_ca = with.ca;
    auto client = http::make_client(loop.get_executor(),
                                    {with.url, tls, with.concurrency, "/tmp", mib}, work);
    if (!client) throw std::runtime_error(client.error().text);
    load all{.with = with, .documents = certificates(with), .client = **client};
    for (unsigned i = 0; i < with.concurrency; ++i)
        boost::asio::co_spawn(loop, all.agency(loop), boost::asio::detached);
    loop.run();
    boost::json::object printed{{"accepted", all.accepted},
                                {"refused", all.refused},
                                {"first_refusal", all.first_refusal},
                                {"seconds", all.seconds},
                                {"per_second", all.accepted / all.seconds},
                                {"p50_us", all.percentile(0.5)},
                                {"p99_us", all.percentile(0.99)},
                                {"max_us", all.percentile(1)}};
    std::cout << boost::json::serialize(printed) << '\n';
    return all.refused == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
    told with;
    CLI::App app{"Agencies that push certificates at a node."};
    app.add_option("--url", with.url, "https://host:port of the agencies' door")->required();
    app.add_option("--cert", with.cert)->required();
    app.add_option("--key", with.key)->required();
    app.add_option("--ca", with.ca)->required();
    app.add_option("--sample", with.sample, "a certificate with @NUMBER@ and @PAD@")->required();
    app.add_option("--prefix", with.prefix, "of the certificate numbers");
    app.add_option("--count", with.count);
    app.add_option("--concurrency", with.concurrency);
    app.add_option("--size", with.size, "bytes of one certificate");
    app.add_option("--to", with.to, "partners, in turn; default: the import country")
        ->delimiter(',');
    app.add_option("--rate", with.rate, "certificates a second; 0: as fast as they are answered");
    CLI11_PARSE(app, count, words);
    try {
        return run(with);
    } catch (const std::exception& e) {
        std::cerr << "agency-load: " << e.what() << '\n';
        return 2;
    }
}
