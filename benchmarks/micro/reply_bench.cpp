// reply-bench: what it costs to read an answer of the Hub and to say what it means, rule by rule of
// the built-in `ephyto`: one answer to a delivery, a list of a thousand headers, one certificate.
#include "adapters/engine/brought.hpp"
#include "adapters/engine/classify.hpp"
#include "adapters/sps/certificate.hpp"

#include <benchmark/benchmark.h>

#include <filesystem>
#include <string>

namespace {

using namespace ecert;

const engine::dialect& ephyto() {
    static const crypto::xml::library xml;
    static const auto loaded = engine::load_dialects({ECERT_SOURCE_DIR "/adapters/dialects"});
    return *loaded.all.at("ephyto");
}

std::string header(int number) {
    const auto hub = "HUB-" + std::to_string(number);
    return "<h:From>CN</h:From><h:To>NL</h:To><h:CertificateType>851</h:CertificateType>"
           "<h:CertificateStatus>70</h:CertificateStatus><h:NPPOCertificateNumber>CN/" +
           std::to_string(number) + "</h:NPPOCertificateNumber><h:hubDeliveryNumber>" + hub +
           "</h:hubDeliveryNumber><h:HUBTrackingInfo>PendingDelivery</h:HUBTrackingInfo>";
}

std::string response(const std::string& operation, const std::string& inside) {
    return "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><" + operation +
           "Response xmlns='http://ephyto.ippc.int/' "
           "xmlns:h='http://ephyto.ippc.int/HUB.Entities'><" +
           operation + "Result>" + inside + "</" + operation + "Result></" + operation +
           "Response></s:Body></s:Envelope>";
}

// As attempt::read_reply does it, without the exchange around it.
engine::judgement judged(const engine::call_operation& by, const soap::received& read,
                         engine::reply_seen& seen) {
    seen.status = 200;
    seen.body = read.message.body;
    seen.verified = true;
    seen.asked = {{"from", "CN"},  {"to", "NL"},     {"number", "CN/7"},
                  {"type", "851"}, {"status", "70"}, {"reference", "HUB-7"}};
    return engine::classify(by.rules, false, seen, {});
}

soap::received read(const std::string& bytes, const engine::call_operation& by) {
    crypto::xml::message_options options;
    options.spool_folder = std::filesystem::temp_directory_path();
    if (!by.content.local.empty()) options.content.push_back(by.content);
    return soap::read(crypto::from_memory(bytes), soap::version::v1_1, options).value();
}

void answer_to_a_delivery(benchmark::State& state) {
    const auto& by = *ephyto().call(queue::verb::deliver, {});
    const auto bytes = response("ValidateAndDeliverEnvelope", header(7));
    for (auto _ : state) {
        const auto message = read(bytes, by);
        engine::reply_seen seen;
        const auto all = judged(by, message, seen);
        if (all.what != queue::outcome_class::sent) state.SkipWithError("not sent");
    }
}
BENCHMARK(answer_to_a_delivery)->Unit(benchmark::kMicrosecond);

void list_of_headers(benchmark::State& state) {
    const auto& by = *ephyto().call(queue::verb::list, {});
    std::string all;
    for (int i = 0; i < state.range(0); ++i)
        all += "<h:EnvelopeHeader>" + header(i) + "</h:EnvelopeHeader>";
    const auto bytes = response("GetImportEnvelopeHeaders", all);
    for (auto _ : state) {
        const auto message = read(bytes, by);
        engine::reply_seen seen;
        judged(by, message, seen);
        const auto listed = engine::read_listing(by, seen.body, seen.asked);
        if (listed.envelopes.empty()) state.SkipWithError("nothing listed");
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(list_of_headers)->Arg(1)->Arg(100)->Arg(1000)->Unit(benchmark::kMicrosecond);

void search_under_delivery(benchmark::State& state) {
    const auto& by = *ephyto().call(queue::verb::track, {});
    std::string all;
    for (int i = 0; i < state.range(0); ++i)
        all += "<h:EnvelopeHeader>" + header(i) + "</h:EnvelopeHeader>";
    const auto bytes = response("GetUnderDeliveryEnvelope", all);
    for (auto _ : state) {
        const auto message = read(bytes, by);
        engine::reply_seen seen;
        if (judged(by, message, seen).reference != "HUB-7") state.SkipWithError("not found");
    }
}
BENCHMARK(search_under_delivery)->Arg(10)->Arg(1000)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
