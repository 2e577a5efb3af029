#include "adapters/sps/acknowledgement.hpp"

#include "config/settings.hpp"

#include <gtest/gtest.h>

namespace ecert::sps {
namespace {

const crypto::xml::library xml_library;

read_acknowledgement read(const std::string& inside, const std::string& version = "17",
                          const std::string& standard = "standard") {
    const auto tree = crypto::xml::document::parse(
        "<a:SPSAcknowledgement xmlns:a='urn:un:unece:uncefact:data:" + standard +
            ":SPSAcknowledgement:" + version +
            "' xmlns:b='urn:un:unece:uncefact:data:standard:"
            "ReusableAggregateBusinessInformationEntity:21'"
            " xmlns:c='urn:un:unece:uncefact:data:standard:UnqualifiedDataType:21'>" +
            inside + "</a:SPSAcknowledgement>",
        {});
    return read_acknowledgement_of(tree->root());
}
std::string document(const std::string& inside) {
    return "<a:SPSAcknowledgementDocument>" + inside + "</a:SPSAcknowledgementDocument>";
}

const acknowledgement full{41,
                           "2026-11-24T10:00:00Z",
                           "unknown <consignee> & more",
                           "en",
                           {{851, "ZZZ", "CN/1"}, {0, "CAW", "x"}}};

TEST(acknowledgement, what_is_written_is_read_again) {
    for (const auto& a : {full, acknowledgement{.status = 39}}) {
        const auto again = read_acknowledgement_of(write(a).root());
        EXPECT_TRUE(again.found.empty());
        EXPECT_EQ(again.value, a);
    }
}

TEST(acknowledgement, is_written_in_the_contracts_order) {
    EXPECT_EQ(
        crypto::xml::exclusive_c14n(
            write({39, "2026-11-24", "ok", "en", {{851, "ZZZ", "1"}}}).root()),
        "<rsm:SPSAcknowledgement "
        "xmlns:rsm=\"urn:un:unece:uncefact:data:standard:SPSAcknowledgement:17\">"
        "<rsm:SPSAcknowledgementDocument>"
        "<IssueDateTime xmlns=\"urn:un:unece:uncefact:data:standard:"
        "ReusableAggregateBusinessInformationEntity:21\">"
        "<DateTimeString xmlns=\"urn:un:unece:uncefact:data:standard:UnqualifiedDataType:21\">"
        "2026-11-24</DateTimeString></IssueDateTime>"
        "<StatusCode xmlns=\"urn:un:unece:uncefact:data:standard:"
        "ReusableAggregateBusinessInformationEntity:21\">39</StatusCode>"
        "<ReasonInformation xmlns=\"urn:un:unece:uncefact:data:standard:"
        "ReusableAggregateBusinessInformationEntity:21\" languageID=\"en\">ok</ReasonInformation>"
        "<ReferenceSPSReferencedDocument xmlns=\"urn:un:unece:uncefact:data:standard:"
        "ReusableAggregateBusinessInformationEntity:21\">"
        "<TypeCode>851</TypeCode><RelationshipTypeCode>ZZZ</RelationshipTypeCode><ID>1</ID>"
        "</ReferenceSPSReferencedDocument>"
        "</rsm:SPSAcknowledgementDocument></rsm:SPSAcknowledgement>");
}

TEST(acknowledgement, prefixes_versions_and_the_case_of_namespaces_do_not_matter) {
    const auto inside = document(
        "<b:StatusCode>70</b:StatusCode><b:ReasonInformation languageID='nl'> in orde "
        "</b:ReasonInformation>");
    for (const auto* version : {"17", "8"}) {
        const auto r = read(inside, version, "Standard");
        EXPECT_TRUE(r.found.empty());
        EXPECT_EQ(r.value, (acknowledgement{70, "", "in orde", "nl", {}}));
    }
}

TEST(acknowledgement, without_a_status_it_answers_nothing) {
    EXPECT_EQ(read(document("")).found.at(0).id, "SPS-STATUS-MISSING");
    EXPECT_EQ(read(document("<b:StatusCode>yes</b:StatusCode>")).found.at(0).id,
              "SPS-STATUS-NOT-A-CODE");
    EXPECT_EQ(read(document("<b:StatusCode>-4</b:StatusCode>")).value.status, 0);
    EXPECT_EQ(read("").found.at(0).id, "SPS-NOT-AN-ACKNOWLEDGEMENT");
}

TEST(acknowledgement, an_unknown_status_is_carried_with_a_warning) {
    const auto r = read(document("<b:StatusCode>977</b:StatusCode>"));
    EXPECT_EQ(r.value.status, 977);
    ASSERT_EQ(r.found.size(), 1u);
    EXPECT_EQ(r.found[0].level, severity::warning);
}

TEST(acknowledgement, some_statuses_decide) {
    const auto of = [](int status) { return acknowledgement{.status = status}; };
    EXPECT_TRUE(accepts(of(39)) && accepts(of(70)) && rejects(of(41)));
    for (const int status : {0, 40, 42, 44, 977})
        EXPECT_FALSE(accepts(of(status)) || rejects(of(status))) << status;
}

}  // namespace
}  // namespace ecert::sps
