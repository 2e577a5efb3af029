// The agencies' door as a whole, without network: two agencies, partners NZ and AU, a clock that
// stands still, and the ledger that a test gives it.
#pragma once

#include "hub/ingest/agency_api.hpp"
#include "tests/unit/hub/listen/fake_incoming.hpp"
#include "tests/unit/hub/listen/fake_ledger.hpp"
#include "tests/unit/hub/listen/pki.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace ecert::hub::tests {

inline std::string sample(const std::string& name) {
    std::ifstream file{std::filesystem::path{ECERT_SOURCE_DIR} / "tests/samples" / name};
    if (!file) throw std::runtime_error("no sample " + name);
    return {std::istreambuf_iterator<char>{file}, {}};
}
inline std::string replaced(std::string text, const std::string& what, const std::string& by) {
    auto at = text.find(what);
    if (at == text.npos) throw std::runtime_error("the sample has no " + what);
    for (; at != text.npos; at = text.find(what, at + by.size())) text.replace(at, what.size(), by);
    return text;
}

inline configuration two_agencies() {
    const auto& keys = pki::made();
    configuration c;
    c.node.name = "CN";
    c.agencies["GACC"] = {
        .name = "GACC", .identity = {keys.pinned("gacc")}, .number_prefixes = {"CN-PHYTO-"}};
    c.agencies["MARA"] = {.name = "MARA", .identity = {keys.pinned("mara")}};
    c.partners["NZ"] = {.name = "NZ", .channel = "nz", .address = "NZ"};
    c.partners["AU"] = {
        .name = "AU", .channel = "nz", .address = "AU", .types = {853}, .statuses = {70}};
    c.channels["nz"] = {.name = "nz", .dialect = "node", .identity = {keys.pinned("nz")}};
    return c;
}

struct agency_world : testing::Test {
    const pki& keys = pki::made();
    // Certificates of the PKI are in their time on the machine's day; a test's clock stands still
    // there.
    manual_clock time{std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()) +
                      24h};
    boost::asio::io_context loop;
    pool work{1};
    metrics figures;
    engine::snapshots profiles;
    limit_settings limits;
    configuration settings = two_agencies();
    bool disk_low = false;
    std::filesystem::path spool = std::filesystem::temp_directory_path();
    unsigned woken = 0;
    std::shared_ptr<const roles> in_force;
    http::handler handler;

    void open(ledger& over) {
        auto snapshot = std::make_shared<engine::snapshot>();
        snapshot->configuration = std::make_shared<const configuration>(settings);
        profiles.swap(snapshot);
        in_force = roles::make(settings).first;
        handler = make_agency_handler({over,
                                       profiles,
                                       [this] { return in_force; },
                                       time,
                                       work,
                                       figures,
                                       limits,
                                       spool,
                                       [this] { return disk_low; },
                                       [this] { ++woken; },
                                       {}});
    }
    http::response ask(fake_incoming& request) { return run(loop, handler(request)); }
    http::response get(const std::string& agency, const std::string& target) {
        fake_incoming request{"GET", target};
        request.from(keys.load(agency));
        return ask(request);
    }
    fake_incoming pushing(const std::string& agency, std::string xml,
                          const std::string& query = "") {
        fake_incoming request{"POST", "/v1/certificates" + query};
        request.from(keys.load(agency)).body("application/xml", std::move(xml));
        return request;
    }
    http::response send(const std::string& agency, std::string xml, const std::string& query = "") {
        auto request = pushing(agency, std::move(xml), query);
        return ask(request);
    }
};

}  // namespace ecert::hub::tests
