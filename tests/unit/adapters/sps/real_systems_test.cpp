// Certificates as real systems send them are taken in, with each fault named by its element: the
// IPPC's own sample where it is at hand, and one of ours with the same kinds of faults.
#include "tests/unit/adapters/sps/sample.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ecert::sps::tests {
namespace {

const crypto::xml::library xml_library;

struct fault {
    const char* id;
    const char* where;  // the end of it, without positions
};

const fault faults_of_both[] = {
    {"XML-NOT-BASE64", "/ram:ReferenceSPSReferencedDocument/ram:AttachmentBinaryObject"},
    {"SPS-REEXPORT-UNEXPECTED", "/ram:IncludedSPSTradeLineItem/ram:AdditionalInformationSPSNote"},
    {"SPS-SCHEMA-ORDER", "/ram:SignatorySPSAuthentication"},
    {"SPS-SCHEMA-ORDER", "/ram:ReferenceSPSReferencedDocument/ram:Information"},
    {"SPS-SCHEMA-MISSING", "/ram:ReferenceSPSReferencedDocument/ram:TypeCode"},
    {"SPS-SCHEMA-ORDER", "/ram:TransitSPSCountry"},
    {"SPS-SCHEMA-ORDER", "/ram:UtilizedSPSTransportEquipment"},
    {"SPS-SCHEMA-ORDER", "/ram:MainCarriageSPSTransportMovement/ram:ID"},
    {"SPS-SCHEMA-ORDER", "/ram:IncludedSPSTradeLineItem/ram:ApplicableSPSClassification"},
    {"SPS-SCHEMA-ORDER", "/ram:AppliedSPSProcess/ram:CompletionSPSPeriod"},
};

// Without [2] and " line 12".
std::string place(std::string where) {
    where = where.substr(0, where.find(" line "));
    std::string kept;
    bool inside = false;
    for (const char c : where) {
        if (c == '[') inside = true;
        if (!inside) kept += c;
        if (c == ']') inside = false;
    }
    return kept;
}

void expect_taken_in(const judged& j) {
    EXPECT_TRUE(j.readable);
    EXPECT_FALSE(has_errors(j.found)) << ids(j.found);
    for (const auto& f : faults_of_both)
        EXPECT_TRUE(std::ranges::any_of(
            j.found,
            [&](const problem& p) { return p.id == f.id && place(p.where).ends_with(f.where); }))
            << f.id << " " << f.where << " is missing among\n"
            << ids(j.found);
    for (const auto& p : j.found)
        EXPECT_TRUE(
            std::ranges::any_of(faults_of_both, [&](const fault& f) { return p.id == f.id; }))
            << p.id << " " << p.where;
}

TEST(real_systems, our_sample_of_their_faults_is_taken_in_with_each_named) {
    const auto j = judge(sample("as-real-systems-write.xml"));
    expect_taken_in(j);
    EXPECT_EQ(j.value.attachments.size(), 3u);
    EXPECT_EQ(j.value.attachments[2].slot, nullptr) << "it is no base64";
    EXPECT_EQ(j.skeleton.value.slots.size(), 3u) << "its bytes are kept";
}

TEST(real_systems, the_ippcs_sample_is_taken_in_with_its_faults) {
    const auto file =
        std::filesystem::path{ECERT_SOURCE_DIR} /
        "../shared/standards/ippc-ephyto-hub/sample-spscertificate-17-with-attachments.xml";
    std::ifstream in{file};
    if (!in) GTEST_SKIP() << "the IPPC sample is not here: " << file;
    const auto j = judge({std::istreambuf_iterator<char>{in}, {}}, "AR");
    expect_taken_in(j);
    EXPECT_EQ(j.value.number, "123ABC");
    EXPECT_EQ(j.value.attachments.size(), 6u);
    EXPECT_EQ(j.value.replaces, std::vector<std::string>{"3214356"});
}

TEST(real_systems, none_of_it_passes_where_an_agency_is_strict) {
    auto j = judge(sample("as-real-systems-write.xml"));
    weigh(j.found, strictness::strict);
    EXPECT_TRUE(
        std::ranges::all_of(j.found, [](const problem& p) { return p.level == severity::error; }));
}

}  // namespace
}  // namespace ecert::sps::tests
