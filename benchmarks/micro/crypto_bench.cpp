// crypto-bench: what one certificate costs at the trust boundary, part by part, in CPU of the whole
// process. Hold "sign" against `openssl speed rsa2048`.
#include "adapters/soap/read.hpp"
#include "adapters/soap/write.hpp"
#include "adapters/sps/certificate.hpp"
#include "crypto/keys/signer.hpp"
#include "crypto/wss/security.hpp"
#include "tests/unit/crypto/keys/development_pki.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <optional>
#include <string>

namespace {

using namespace ecert;

constexpr std::size_t certificate_bytes = 10 * kib;  // an envelope of 12 KiB around it

std::string padded_sample() {
    auto text =
        testing::development_pki::read(ECERT_SOURCE_DIR "/tests/samples/phyto-851-issued.xml");
    const auto note = text.find("<ram:IncludedSPSNote>");
    const auto missing = certificate_bytes - std::min(certificate_bytes, text.size());
    return text.insert(note, "<ram:IncludedSPSNote><ram:Subject>ADEDL</ram:Subject><ram:Content>" +
                                 std::string(missing, 'x') +
                                 "</ram:Content></ram:IncludedSPSNote>");
}

// One sender and one receiver with everything prepared that lives longer than a message.
class world {
  public:
    world() {
        pki_.make("ca signing-ca");
        pki_.make("signing CN signing-ca");
        keys =
            crypto::make_pem_signer({{"CN", {"CN", pki_.key("CN"), pki_.pem("CN")}}}, work).value;
        policy.signers = {pki_.certificate("CN")};
        message = write();
    }

    template <class T>
    T run(awaitable<T> what) {
        std::optional<T> made;
        boost::asio::co_spawn(loop, std::move(what), [&](std::exception_ptr wrong, T value) {
            if (wrong) std::rethrow_exception(wrong);
            made.emplace(std::move(value));
        });
        loop.restart();
        loop.run();
        return std::move(*made);
    }

    std::string sign(const std::string& bytes) { return run(keys->sign("CN", bytes)).value(); }

    soap::body body() const {
        return soap::make_body(soap::version::v1_2,
                               {"<n:Deliver xmlns:n=\"urn:ecert:node:1\"><n:Content>",
                                crypto::xml::spliced{certificate, crypto::xml::encoding::text},
                                "</n:Content></n:Deliver>"});
    }
    std::string header(const std::vector<soap::written_header>& headers, const soap::body& around) {
        std::vector<crypto::wss::signed_part> parts{around.part()};
        for (const auto& one : headers) parts.push_back(one.part);
        return run(crypto::wss::make_security_header(std::move(parts), *keys, "CN",
                                                     machine_clock().now(), duration{300'000},
                                                     "http://www.w3.org/2003/05/soap-envelope"))
            .value();
    }
    static std::vector<soap::written_header> addressing() {
        return soap::write_addressing({"urn:uuid:00000000-0000-5000-8000-000000000000",
                                       "https://node.example/node", "urn:ecert:node:1:Deliver",
                                       ""});
    }
    std::string write() {
        auto around = body();
        const auto headers = addressing();
        const auto security = header(headers, around);
        const auto made = soap::assemble(soap::version::v1_2, headers, security, std::move(around));
        return crypto::xml::to_string(made.parts, 64 * mib);
    }
    soap::received read() const {
        crypto::xml::message_options options;
        options.content = {{"urn:ecert:node:1", "Content"}};
        return soap::read(crypto::from_memory(message), soap::version::v1_2, options).value();
    }
    crypto::xml::skeleton_result skeleton() const {
        return crypto::xml::read_skeleton(certificate, sps::reading_options({}, {}));
    }

    crypto::xml::library xml;
    pool work{1};
    boost::asio::io_context loop{1};
    crypto::source_ptr certificate = crypto::from_memory(padded_sample());
    std::shared_ptr<crypto::signer> keys;
    crypto::wss::verify_policy policy;
    std::string message;

  private:
    testing::development_pki pki_;
};

world& the_world() {
    static world only;
    return only;
}

void sign(benchmark::State& state) {
    auto& w = the_world();
    const std::string info(3 * kib, 'x');  // as long as a SignedInfo of six references
    for (auto _ : state) benchmark::DoNotOptimize(w.sign(info));
}

void sign_one_message(benchmark::State& state) {
    auto& w = the_world();
    const auto around = w.body();
    const auto headers = world::addressing();
    for (auto _ : state) benchmark::DoNotOptimize(w.header(headers, around));
}

void verify_a_signature(benchmark::State& state) {
    auto& w = the_world();
    const std::string info(3 * kib, 'x');
    const auto value = w.sign(info);
    for (auto _ : state)
        if (!w.policy.signers[0].verifies(info, value)) state.SkipWithError("it does not hold");
}

void read_one_message(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(the_world().read());
}

void verify_one_message(benchmark::State& state) {
    auto& w = the_world();
    const auto read = w.read();
    for (auto _ : state)
        if (!crypto::wss::verify(read.message, w.policy, machine_clock().now()))
            state.SkipWithError("it does not hold");
}

void parse_one_certificate(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(the_world().skeleton());
}

void check_one_certificate(benchmark::State& state) {
    const auto read = the_world().skeleton();
    for (auto _ : state) {
        const auto certificate = sps::read(read.value);
        benchmark::DoNotOptimize(sps::check(read.value, certificate.value, "CN"));
    }
}

void in_cpu_of_the_process(benchmark::internal::Benchmark* of) {
    of->Unit(benchmark::kMicrosecond)->MeasureProcessCPUTime();
}
BENCHMARK(sign)->Apply(in_cpu_of_the_process);
BENCHMARK(sign_one_message)->Apply(in_cpu_of_the_process);
BENCHMARK(verify_a_signature)->Apply(in_cpu_of_the_process);
BENCHMARK(read_one_message)->Apply(in_cpu_of_the_process);
BENCHMARK(verify_one_message)->Apply(in_cpu_of_the_process);
BENCHMARK(parse_one_certificate)->Apply(in_cpu_of_the_process);
BENCHMARK(check_one_certificate)->Apply(in_cpu_of_the_process);

}  // namespace

BENCHMARK_MAIN();
