// validate-bench: what holding one certificate against everything costs, part by part, in CPU of
// the whole process: of 10 KB, of 100 trade lines, and as real systems write them (221 KB where the
// IPPC's sample is at hand).
#include "adapters/sps/schema/held.hpp"
#include "adapters/sps/validate.hpp"

#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace {

using namespace ecert;

const crypto::xml::library xml_library;

std::string file(const std::filesystem::path& path) {
    std::ifstream in{path};
    if (!in) throw std::runtime_error("cannot read " + path.string());
    return {std::istreambuf_iterator<char>{in}, {}};
}
std::string sample(const std::string& name) {
    return file(std::filesystem::path{ECERT_SOURCE_DIR} / "tests/samples" / name);
}

std::string of_10_kb() {
    auto text = sample("phyto-851-issued.xml");
    const std::size_t wanted = 10 * 1024;
    if (text.size() >= wanted) return text;
    return text.insert(text.find("KORLA 118"), std::string(wanted - text.size(), 'x'));
}

std::string of_100_lines() {
    auto text = sample("phyto-851-issued.xml");
    const std::string open = "<ram:IncludedSPSTradeLineItem>",
                      close = "</ram:IncludedSPSTradeLineItem>";
    const auto first = text.find(open), last = text.find(close) + close.size();
    const auto line = text.substr(first, last - first);
    std::string lines;
    for (int i = 2; i <= 100; ++i) {
        auto next = line;
        next.replace(next.find("Numeric>1<"), 10, "Numeric>" + std::to_string(i) + "<");
        lines += next;
    }
    return text.insert(last, lines);
}

std::string as_real_systems_write() {
    const auto ippc = std::filesystem::path{ECERT_SOURCE_DIR} /
                      "../shared/standards/ippc-ephyto-hub/"
                      "sample-spscertificate-17-with-attachments.xml";
    return std::filesystem::exists(ippc) ? file(ippc) : sample("as-real-systems-write.xml");
}

using make = std::string (*)();

crypto::xml::skeleton_result skeleton(const crypto::source_ptr& of) {
    return crypto::xml::read_skeleton(of, sps::reading_options({}, {}));
}

void read(benchmark::State& state, make text) {
    const auto source = crypto::from_memory(text());
    for (auto _ : state) benchmark::DoNotOptimize(skeleton(source));
    state.SetLabel(std::to_string(source->size()) + " bytes");
}

void rules(benchmark::State& state, make text) {
    const auto of = skeleton(crypto::from_memory(text()));
    for (auto _ : state) {
        const auto certificate = sps::read(of.value);
        benchmark::DoNotOptimize(sps::check(of.value, certificate.value, "CN"));
    }
}

void schema(benchmark::State& state, make text) {
    const auto of = skeleton(crypto::from_memory(text()));
    const auto certificate = sps::read(of.value);
    for (auto _ : state)
        benchmark::DoNotOptimize(sps::held_against_schema(of.value.tree, certificate.value));
}

void validate(benchmark::State& state, make text) {
    const auto of = skeleton(crypto::from_memory(text()));
    std::size_t found = 0;
    for (auto _ : state) found = sps::validate(of, {"CN", {}}).found.size();
    state.SetLabel(std::to_string(found) + " findings");
}

void in_cpu_of_the_process(benchmark::internal::Benchmark* of) {
    of->Unit(benchmark::kMicrosecond)->MeasureProcessCPUTime();
}
#define OF_EACH(what)                                                                  \
    BENCHMARK_CAPTURE(what, of_10_kb, of_10_kb)->Apply(in_cpu_of_the_process);         \
    BENCHMARK_CAPTURE(what, of_100_lines, of_100_lines)->Apply(in_cpu_of_the_process); \
    BENCHMARK_CAPTURE(what, as_real_systems_write, as_real_systems_write)              \
        ->Apply(in_cpu_of_the_process)
OF_EACH(read);
OF_EACH(rules);
OF_EACH(schema);
OF_EACH(validate);

}  // namespace

BENCHMARK_MAIN();
