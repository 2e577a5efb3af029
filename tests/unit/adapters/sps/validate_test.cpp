// Everything at once, in the contract's words; and what a strictness makes of it.
#include "adapters/sps/validate.hpp"

#include "tests/unit/adapters/sps/sample.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ecert::sps::tests {
namespace {

std::string levels(problems found, strictness by) {
    weigh(found, by);
    std::string text;
    for (const auto& p : found) text += p.id + "=" + std::string{name_of(p.level)} + " ";
    return text;
}

problems some_findings() {
    return {{"SPS-NUMBER-MISSING", severity::error, "/", {}, {}},
            {"SPS-REPLACES-ITSELF", severity::error, "/", {}, {}},
            {"SPS-COUNTRY-NOT-ISO", severity::error, "/", {}, {}},
            {"XML-NOT-BASE64", severity::error, "/", {}, {}},
            {"SPS-SCHEMA-ORDER", severity::warning, "/", {}, {}},
            {"SPS-UNIT-UNKNOWN", severity::info, "/", {}, {}}};
}

TEST(validate, gives_findings_of_reader_rules_and_schema) {
    const auto j = judge(replaced(replaced(sample("phyto-851-issued.xml"), "iVBORw0", "*VBORw0"),
                                  "<ram:ID>NZ</ram:ID>", "<ram:Name/><ram:ID>QQ</ram:ID>"));
    EXPECT_TRUE(j.find("XML-NOT-BASE64"));
    EXPECT_TRUE(j.find("SPS-COUNTRY-NOT-ISO"));
    EXPECT_TRUE(j.find("SPS-SCHEMA-ORDER"));
    EXPECT_TRUE(j.readable);
    EXPECT_EQ(j.value.number, "CN-PHYTO-2026-000118");
}

TEST(validate, what_cannot_be_read_has_the_readers_findings_alone) {
    const auto j = judge("<a>");
    EXPECT_FALSE(j.readable);
    EXPECT_EQ(ids(j.found), "E XML-NOT-WELL-FORMED line 1\n");
}

TEST(validate, without_number_type_or_status_it_is_not_readable) {
    for (const auto* missing :
         {"<ram:ID>CN-VET-2026-004711</ram:ID>", "<ram:TypeCode>853</ram:TypeCode>",
          "<ram:StatusCode>70</ram:StatusCode>"})
        EXPECT_FALSE(judge(replaced(sample("veterinary-853.xml"), missing, "")).readable);
}

TEST(validate, a_schema_finding_is_left_out_where_a_rule_has_spoken) {
    const auto j = judge(without(sample("phyto-851-issued.xml"), "<ram:ConsigneeSPSParty>",
                                 "</ram:ConsigneeSPSParty>"));
    EXPECT_TRUE(j.find("SPS-CONSIGNEE-MISSING"));
    EXPECT_FALSE(j.find("SPS-SCHEMA-MISSING")) << ids(j.found);
}

TEST(validate, of_more_findings_than_anybody_reads_the_errors_stay) {
    auto line = sample("phyto-851-issued.xml");
    const std::string open = "<ram:IncludedSPSTradeLineItem>",
                      close = "</ram:IncludedSPSTradeLineItem>";
    const auto first = line.find(open);
    std::string lines;
    for (int i = 0; i < 200; ++i)
        lines += open + "<ram:PhysicalSPSPackage/><ram:AppliedSPSProcess/><ram:odd/>" + close;
    const auto j = judge(line.insert(first, lines));
    EXPECT_EQ(j.found.size(), 500u);
    for (const auto* id :
         {"SPS-LINE-DESCRIPTION-MISSING", "SPS-LINE-ORIGIN-MISSING", "SPS-PROCESS-TYPE"})
        EXPECT_EQ(std::ranges::count(j.found, id, &problem::id), 100) << id;
    EXPECT_TRUE(std::ranges::is_sorted(
        j.found, {}, [](const problem& p) { return p.level != severity::error; }));
}

// 100 lines below elements with the longest names: what is said of them must not be a thousand
// times as large as they are.
TEST(validate, no_finding_is_long_whatever_the_elements_are_called) {
    auto text = sample("phyto-851-issued.xml");
    const std::string item = "<ram:IncludedSPSConsignmentItem>";
    std::string open, close, lines;
    for (int i = 0; i < 40; ++i) {
        const auto name = std::string(1000, static_cast<char>('a' + i % 26));
        open += "<" + name + ">";
        close.insert(0, "</" + name + ">");
    }
    for (int i = 0; i < 100; ++i)
        lines +=
            "<ram:IncludedSPSTradeLineItem><ram:PhysicalSPSPackage/><ram:AppliedSPSProcess/>"
            "</ram:IncludedSPSTradeLineItem>";
    const auto j = judge(text.insert(text.find(item) + item.size(), open + lines + close));
    EXPECT_GT(j.found.size(), 100u);
    for (const auto& each : j.found) EXPECT_LE(each.where.size(), 1024u) << each.id;
}

TEST(weigh, lenient_leaves_what_the_node_cannot_do_without) {
    EXPECT_EQ(levels(some_findings(), strictness::lenient),
              "SPS-NUMBER-MISSING=error SPS-REPLACES-ITSELF=error SPS-COUNTRY-NOT-ISO=warning "
              "XML-NOT-BASE64=warning SPS-SCHEMA-ORDER=warning SPS-UNIT-UNKNOWN=info ");
}

TEST(weigh, standard_changes_nothing) {
    EXPECT_EQ(levels(some_findings(), strictness::standard),
              "SPS-NUMBER-MISSING=error SPS-REPLACES-ITSELF=error SPS-COUNTRY-NOT-ISO=error "
              "XML-NOT-BASE64=error SPS-SCHEMA-ORDER=warning SPS-UNIT-UNKNOWN=info ");
}

TEST(weigh, strict_makes_errors_of_warnings) {
    EXPECT_EQ(levels(some_findings(), strictness::strict),
              "SPS-NUMBER-MISSING=error SPS-REPLACES-ITSELF=error SPS-COUNTRY-NOT-ISO=error "
              "XML-NOT-BASE64=error SPS-SCHEMA-ORDER=error SPS-UNIT-UNKNOWN=info ");
}

TEST(weigh, what_identifies_a_certificate_is_an_error_under_every_strictness) {
    auto j = judge(replaced(sample("veterinary-853.xml"), ">853<", ">veterinary<"));
    weigh(j.found, strictness::lenient);
    EXPECT_EQ(j.find("SPS-TYPE-NOT-A-CODE")->level, severity::error);
}

TEST(validation_result, is_in_the_contracts_words) {
    struct said {
        const char* id;
        severity level;
        const char *area, *grade;
    };
    for (const auto& [id, level, area, grade] :
         {said{"SPS-CONSIGNOR-MISSING", severity::error, "MandatoryElements", "SEVERE"},
          said{"SPS-NUMBER-MISSING", severity::error, "MandatoryElements", "SEVERE"},
          said{"SPS-LINE-PACKAGE", severity::warning, "Mapping", "WARNING"},
          said{"SPS-SCHEMA-MISSING", severity::warning, "Schema", "WARNING"},
          said{"SPS-SCHEMA-NOT-HELD", severity::info, "Schema", "INFO"},
          said{"SPS-NOT-A-CERTIFICATE", severity::error, "Schema", "SEVERE"},
          said{"XML-NOT-WELL-FORMED", severity::error, "Schema", "SEVERE"}}) {
        const auto r = validation_result_of({id, level, "/a", "v", "e"}, language::en);
        EXPECT_EQ(r.area, area) << id;
        EXPECT_EQ(r.level, grade) << id;
        EXPECT_EQ(r.field, "/a");
        EXPECT_EQ(r.msg, std::string{problem_text(id, language::en)} + " Found: v. Expected: e. [" +
                             id + "]");
    }
}

TEST(validation_result, speaks_chinese) {
    const auto r = validation_result_of({"SPS-CONSIGNOR-MISSING", severity::error, "/a", "", ""},
                                        language::zh);
    EXPECT_EQ(r.msg, std::string{problem_text("SPS-CONSIGNOR-MISSING", language::zh)} +
                         " [SPS-CONSIGNOR-MISSING]");
}

}  // namespace
}  // namespace ecert::sps::tests
