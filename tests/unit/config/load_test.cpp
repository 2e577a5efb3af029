#include "config/load/load.hpp"

#include "tests/unit/config/folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace ecert;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

std::vector<std::string> said(const problems& all) {
    std::vector<std::string> lines;
    for (const problem& p : all) lines.push_back(p.id + ' ' + p.where);
    return lines;
}

// A node with one agency, one channel and one partner, without a problem; tests break it.
class load_configuration_of : public testing::Test {
  protected:
    load_configuration_of() {
        at.write("trust/agency.pem", "agency");
        at.write("trust/other.pem", "other");
        at.write("trust/ca.pem", "ca");
        at.write("trust/key.pem", "key");
        at.write("node.toml", "name = 'CN'\n");
        at.write("agencies/nppo.toml", "[[identity]]\npin = 'trust/agency.pem'\n");
        at.write("channels/ippc.toml", channel);
        at.write("partners/NZ.toml", "channel = 'ippc'\n");
    }
    std::vector<std::string> problems_of() const {
        return said(load_configuration(at.path()).found);
    }

    const std::string channel =
        "dialect = 'node'\nendpoint = 'https://example.org/'\ntls_ca = 'trust/ca.pem'\n";
    tests::folder at;
};

}  // namespace

TEST(load, twelve_planted_errors_are_told_at_once_with_file_line_and_key) {
    const auto loaded =
        load_configuration(std::string{ECERT_SOURCE_DIR} + "/tests/unit/config/planted");
    EXPECT_EQ(loaded.value, nullptr);
    EXPECT_THAT(
        said(loaded.found),
        ElementsAre("CFG-NOT-SUPPORTED agencies/customs.toml:2 signature",
                    "CFG-PREFIX-OVERLAP agencies/nppo.toml:1 number_prefixes[2]",
                    "CFG-FILE-MISSING agencies/nppo.toml:8 identity[2].pin",
                    "CFG-SYNTAX channels/broken.toml:3", "CFG-RANGE channels/ippc.toml:2 window",
                    "CFG-IDENTITY-TWICE channels/ippc.toml:4 identity[1]",
                    "CFG-UNKNOWN-KEY node.toml:2 pool_treads",
                    "CFG-NAME-UNKNOWN node.toml:3 default_agency",
                    "CFG-DURATION node.toml:6 limits.header_timeout",
                    "CFG-SIZE node.toml:7 limits.certificate_bytes",
                    "CFG-TYPE partners/NL.toml:2 priority",
                    "CFG-NAME-UNKNOWN partners/NZ.toml:2 channel"));
}

TEST(load, a_problem_says_what_was_found_and_what_would_be_right) {
    const auto loaded =
        load_configuration(std::string{ECERT_SOURCE_DIR} + "/tests/unit/config/planted");
    const auto of = [&](const std::string& where) {
        for (const problem& p : loaded.found)
            if (p.where.ends_with(where)) return p;
        return problem{};
    };
    EXPECT_EQ(of("pool_treads").expected, "pool_threads");
    EXPECT_EQ(of("window").expected, "1 .. 4096");
    EXPECT_EQ(of("window").value, "0");
    EXPECT_EQ(of("NZ.toml:2 channel").value, "ippx");
    EXPECT_EQ(of("NZ.toml:2 channel").expected, "broken|ippc");
    EXPECT_EQ(of("header_timeout").value, "10 seconds");
    EXPECT_THAT(of("number_prefixes[2]").expected, HasSubstr("agencies/customs.toml"));
    EXPECT_THAT(of("identity[1]").expected, HasSubstr("agencies/customs.toml"));
}

TEST(load, a_folder_that_is_not_there_is_one_problem) {
    const auto loaded = load_configuration("/no/such/folder");
    EXPECT_THAT(said(loaded.found), ElementsAre("CFG-FILE-MISSING /no/such/folder"));
}

TEST_F(load_configuration_of, a_good_folder_gives_what_it_says) {
    at.write("partners/NL.toml",
             "channel = 'ippc'\naddress = 'NLD'\ncomplete_at = 'delivered'\ntypes = [851, 657]\n"
             "receipt_deadline = '90min'\n[parameters]\nlang = 'nl'\n");
    at.write("channels/ippc.toml",
             channel + "rate = 2\nreply_limit = '64KiB'\n[retry]\nfirst = '1s'\nfactor = 1.5\n");
    const auto loaded = load_configuration(at.path());
    ASSERT_THAT(said(loaded.found), IsEmpty());
    const partner_settings& nl = loaded.value->partners.at("NL");
    EXPECT_EQ(nl.name, "NL");
    EXPECT_EQ(nl.address, "NLD");
    EXPECT_EQ(nl.complete_at, complete_when::delivered);
    EXPECT_THAT(nl.types, ElementsAre(851, 657));
    EXPECT_EQ(nl.receipt_deadline, 90min);
    EXPECT_EQ(nl.parameters.at("lang"), "nl");
    EXPECT_EQ(loaded.value->partners.at("NZ").address, "NZ");
    const channel_settings& ippc = loaded.value->channels.at("ippc");
    EXPECT_EQ(ippc.rate, 2);
    EXPECT_EQ(ippc.reply_limit, 64 * kib);
    EXPECT_EQ(ippc.retry.first, 1s);
    EXPECT_EQ(ippc.retry.factor, 1.5);
    EXPECT_EQ(ippc.retry.longest, 1h);
    EXPECT_EQ(ippc.tls_ca, at.path() / "trust/ca.pem");
}

TEST_F(load_configuration_of, a_list_replaces_its_default) {
    at.write("node.toml", "name = 'CN'\noperator_users = ['ops']\n");
    const auto loaded = load_configuration(at.path());
    ASSERT_THAT(said(loaded.found), IsEmpty());
    EXPECT_THAT(loaded.value->node.operator_users, ElementsAre("ops"));
}

TEST_F(load_configuration_of, required_keys_may_not_be_missing_or_empty) {
    at.write("node.toml", "name = ''\n");
    at.write("partners/NZ.toml", "priority = 1\n");
    at.write("agencies/nppo.toml", "identity = []\n");
    EXPECT_THAT(problems_of(), ElementsAre("CFG-REQUIRED agencies/nppo.toml:1 identity",
                                           "CFG-REQUIRED node.toml:1 name",
                                           "CFG-REQUIRED partners/NZ.toml:1 channel"));
}

TEST_F(load_configuration_of, a_missing_node_file_is_told_as_such) {
    std::filesystem::remove(at.path() / "node.toml");
    EXPECT_THAT(problems_of(), ElementsAre("CFG-FILE-MISSING node.toml"));
}

TEST_F(load_configuration_of, every_type_is_checked) {
    at.write(
        "node.toml",
        "name = 1\nhealth_port = 'x'\npool_threads = 2.0\noperator_users = 'root'\nlimits = 3\n"
        "workers = true\n");
    at.write("partners/NZ.toml", "channel = 'ippc'\ntypes = ['851']\nparameters = 'x'\n");
    at.write("channels/ippc.toml",
             channel +
                 "honours_message_id = 'yes'\nreply_timeout = 60\nreply_limit = 8\n"
                 "rate = '2'\nidentity = 'x'\n");
    EXPECT_THAT(problems_of(),
                ElementsAre("CFG-TYPE channels/ippc.toml:4 honours_message_id",
                            "CFG-TYPE channels/ippc.toml:5 reply_timeout",
                            "CFG-TYPE channels/ippc.toml:6 reply_limit",
                            "CFG-TYPE channels/ippc.toml:7 rate",
                            "CFG-TYPE channels/ippc.toml:8 identity", "CFG-TYPE node.toml:1 name",
                            "CFG-TYPE node.toml:2 health_port", "CFG-TYPE node.toml:3 pool_threads",
                            "CFG-TYPE node.toml:4 operator_users", "CFG-TYPE node.toml:5 limits",
                            "CFG-TYPE node.toml:6 workers", "CFG-TYPE partners/NZ.toml:2 types[1]",
                            "CFG-TYPE partners/NZ.toml:3 parameters"));
}

TEST_F(load_configuration_of, ranges_hold_at_both_ends_and_for_numbers_that_would_wrap) {
    at.write("node.toml",
             "name = 'CN'\nhealth_port = 65536\nworkers = -1\npool_threads = 4294967298\n"
             "[limits]\ndisk_reserve_percent = nan\nheader_timeout = '0s'\n");
    EXPECT_THAT(problems_of(),
                ElementsAre("CFG-RANGE node.toml:2 health_port", "CFG-RANGE node.toml:3 workers",
                            "CFG-RANGE node.toml:4 pool_threads",
                            "CFG-RANGE node.toml:6 limits.disk_reserve_percent",
                            "CFG-RANGE node.toml:7 limits.header_timeout"));
}

TEST_F(load_configuration_of, keys_that_contradict_each_other_are_told) {
    at.write("node.toml", "name = 'CN'\n[limits]\nbody_budget = '64MiB'\n");
    at.write("channels/ippc.toml",
             channel +
                 "[retry]\nfirst = '2min'\nlongest = '1min'\nhorizon = '30s'\n"
                 "[circuit]\nopen_for = '20min'\n");
    EXPECT_THAT(problems_of(), ElementsAre("CFG-RANGE channels/ippc.toml:6 retry.longest",
                                           "CFG-RANGE channels/ippc.toml:7 retry.horizon",
                                           "CFG-RANGE channels/ippc.toml:8 circuit.longest_open",
                                           "CFG-RANGE node.toml:3 limits.body_budget"));
}

TEST_F(load_configuration_of, a_listener_that_is_on_needs_certificate_key_ca_and_a_default_agency) {
    at.write("node.toml", "name = 'CN'\n[partners]\nport = 8442\nkey = 'trust/key.pem'\n");
    EXPECT_THAT(problems_of(),
                testing::UnorderedElementsAre("CFG-REQUIRED node.toml:2 partners.certificate",
                                              "CFG-REQUIRED node.toml:2 partners.client_ca",
                                              "CFG-REQUIRED node.toml:1 default_agency"));
}

TEST_F(load_configuration_of, a_listener_that_is_off_needs_nothing) {
    at.write("node.toml", "name = 'CN'\n[partners]\nport = 0\n");
    EXPECT_THAT(problems_of(), IsEmpty());
}

TEST_F(load_configuration_of, choices_hours_and_urls_are_checked) {
    at.write("node.toml", "name = 'CN'\nlog_level = 'debug|info'\n");
    at.write("partners/NZ.toml", "channel = 'ippc'\ncomplete_at = 'sent'\n");
    at.write("channels/ippc.toml",
             "dialect = 'node'\nendpoint = 'http://example.org/'\nhours = '8-18'\n");
    EXPECT_THAT(
        problems_of(),
        ElementsAre("CFG-URL channels/ippc.toml:2 endpoint", "CFG-HOURS channels/ippc.toml:3 hours",
                    "CFG-VALUE node.toml:2 log_level", "CFG-VALUE partners/NZ.toml:2 complete_at"));
}

TEST_F(load_configuration_of, a_channel_that_nobody_can_use_or_trust_is_refused) {
    at.write("channels/ippc.toml", "dialect = 'node'\n");
    at.write("channels/open.toml", "dialect = 'node'\nendpoint = 'https://example.org/'\n");
    at.write("channels/half.toml", channel + "tls_key = 'trust/key.pem'\nsigning_key = 'absent'\n");
    EXPECT_THAT(problems_of(),
                testing::UnorderedElementsAre("CFG-REQUIRED channels/half.toml:1 tls_certificate",
                                              "CFG-NAME-UNKNOWN channels/half.toml:5 signing_key",
                                              "CFG-REQUIRED channels/ippc.toml:1 endpoint",
                                              "CFG-REQUIRED channels/open.toml:1 tls_ca"));
}

TEST_F(load_configuration_of, signing_keys_are_found_in_keys_toml) {
    at.write("channels/ippc.toml", channel + "signing_key = 'ours'\n");
    at.write("keys.toml", "[ours]\nkey = 'trust/key.pem'\ncertificate = 'trust/ca.pem'\n");
    EXPECT_THAT(problems_of(), IsEmpty());
    at.write("keys.toml", "stray = 1\n[ours]\nkey = 'trust/none.pem'\n");
    EXPECT_THAT(problems_of(),
                testing::UnorderedElementsAre("CFG-TYPE keys.toml:1 stray",
                                              "CFG-REQUIRED keys.toml:2 ours.certificate",
                                              "CFG-FILE-MISSING keys.toml:3 ours.key"));
}

TEST_F(load_configuration_of, an_identity_is_one_pin_or_one_subject_under_a_ca) {
    at.write("agencies/nppo.toml",
             "[[identity]]\n[[identity]]\nca = 'trust/ca.pem'\n"
             "[[identity]]\npin = 'trust/agency.pem'\nsubject = 'CN=x'\n");
    EXPECT_THAT(problems_of(), ElementsAre("CFG-IDENTITY-FORM agencies/nppo.toml:1 identity[1]",
                                           "CFG-IDENTITY-FORM agencies/nppo.toml:2 identity[2]",
                                           "CFG-IDENTITY-FORM agencies/nppo.toml:4 identity[3]"));
}

TEST_F(load_configuration_of, a_copy_of_a_pinned_certificate_is_the_same_identity) {
    at.write("trust/copy.pem", "agency");
    at.write("agencies/customs.toml", "[[identity]]\npin = 'trust/copy.pem'\n");
    EXPECT_THAT(problems_of(), ElementsAre("CFG-IDENTITY-TWICE agencies/nppo.toml:1 identity[1]"));
}

TEST_F(load_configuration_of, one_subject_under_one_ca_is_one_role) {
    const std::string subject = "[[identity]]\nca = 'trust/ca.pem'\nsubject = 'CN=x'\n";
    at.write("agencies/nppo.toml", subject + subject);  // twice in one role: harmless
    EXPECT_THAT(problems_of(), IsEmpty());
    at.write("channels/ippc.toml", channel + subject);
    EXPECT_THAT(problems_of(), ElementsAre("CFG-IDENTITY-TWICE channels/ippc.toml:4 identity[1]"));
    at.write("channels/ippc.toml",
             channel + "[[identity]]\nca = 'trust/ca.pem'\nsubject = 'CN=y'\n");
    EXPECT_THAT(problems_of(), IsEmpty());
}

TEST_F(load_configuration_of, two_partners_of_a_channel_need_two_addresses) {
    at.write("partners/AU.toml", "channel = 'ippc'\naddress = 'NZ'\n");
    EXPECT_THAT(problems_of(), ElementsAre("CFG-ADDRESS-TWICE partners/NZ.toml:1 address"));
}

TEST_F(load_configuration_of, files_that_nothing_reads_are_warned_of_and_do_not_stop_the_rest) {
    at.write("partners/NL.toml~", "channel = 'ippc'\n");
    at.write("partner/NL.toml", "channel = 'ippc'\n");
    const auto loaded = load_configuration(at.path());
    EXPECT_NE(loaded.value, nullptr);
    EXPECT_THAT(said(loaded.found),
                ElementsAre("CFG-UNKNOWN-FILE partner", "CFG-UNKNOWN-FILE partners/NL.toml~"));
}

TEST_F(load_configuration_of, a_file_name_that_is_no_name_is_refused) {
    at.write("partners/N L.toml", "channel = 'ippc'\n");
    EXPECT_THAT(problems_of(), ElementsAre("CFG-FILE-NAME partners/N L.toml"));
}

TEST_F(load_configuration_of, an_endless_file_is_refused) {
    at.write("partners/NZ.toml", "channel = 'ippc' #" + std::string(2 << 20, 'x'));
    EXPECT_THAT(problems_of(), ElementsAre("CFG-SYNTAX partners/NZ.toml"));
}
