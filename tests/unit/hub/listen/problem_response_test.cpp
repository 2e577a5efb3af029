#include "hub/listen/problem_response.hpp"

#include "config/log.hpp"
#include "tests/unit/hub/listen/fake_incoming.hpp"

#include <gtest/gtest.h>

namespace ecert::hub::tests {
namespace {

const problems two{
    {"SPS-STATUS-UNKNOWN", severity::warning, "/rsm:SPSCertificate", "71", "UNTDID 4405"},
    {"SPS-NUMBER-MISSING", severity::error, "/rsm:SPSCertificate/ram:ID", "", ""}};

TEST(problem_response, says_everything_at_once) {
    const auto r = problem_response(422, "certificate", "Not taken.", two, language::en);
    EXPECT_EQ(r.status, 422);
    EXPECT_EQ(r.fields.get("Content-Type"), "application/problem+json");
    const auto body = json_of(r);
    EXPECT_EQ(text_at(body, "/type"), "urn:ecert:problem:certificate");
    EXPECT_EQ(text_at(body, "/title"), "Unprocessable Content");
    EXPECT_EQ(text_at(body, "/status"), "422");
    EXPECT_EQ(error_ids(r), "SPS-STATUS-UNKNOWN SPS-NUMBER-MISSING");
    EXPECT_EQ(text_at(body, "/errors/0/level"), "warning");
    EXPECT_EQ(text_at(body, "/errors/0/path"), "/rsm:SPSCertificate");
    EXPECT_EQ(text_at(body, "/errors/0/value"), "71");
    EXPECT_EQ(text_at(body, "/errors/0/expected"), "UNTDID 4405");
    EXPECT_EQ(text_at(body, "/errors/1/level"), "error");
}

TEST(problem_response, speaks_both_languages) {
    const auto en = problem_response(422, "certificate", "", two, language::en);
    const auto zh = problem_response(422, "certificate", "", two, language::zh);
    EXPECT_EQ(text_at(json_of(en), "/errors/1/text"), "The certificate has no number.");
    EXPECT_EQ(text_at(json_of(zh), "/errors/1/text"), "证书没有编号。");
    EXPECT_EQ(en.fields.get("Content-Language"), "en");
    EXPECT_EQ(zh.fields.get("Content-Language"), "zh");
}

TEST(problem_response, foreign_bytes_become_valid_json) {
    const problems bad{{"REST-PARAMETER", severity::error, "?a\xFF", "\xC3(\"\n", ""}};
    const auto r = problem_response(404, "not-found", "nothing at /\xFF", bad, language::en);
    const auto body = json_of(r);  // throws if it is not JSON in UTF-8
    EXPECT_EQ(text_at(body, "/errors/0/value"), "\xEF\xBF\xBD(\"\n");
}

TEST(problem_response, retry_after_and_more_members) {
    const auto r = problem_response(503, "busy", "", {}, language::en, 7, {{"certificate", "c-1"}});
    EXPECT_EQ(r.fields.get("Retry-After"), "7");
    EXPECT_EQ(text_at(json_of(r), "/certificate"), "c-1");
}

TEST(failure_response, each_kind_has_its_status) {
    const std::pair<failure_kind, int> all[] = {
        {failure_kind::invalid, 422},   {failure_kind::not_found, 404},
        {failure_kind::forbidden, 403}, {failure_kind::conflict, 409},
        {failure_kind::too_large, 413}, {failure_kind::unavailable, 503},
        {failure_kind::deadline, 408},  {failure_kind::untrusted, 403},
        {failure_kind::internal, 500}};
    for (const auto& [kind, status] : all) {
        const log::capture quiet;
        const auto r = failure_response({kind, "because"}, language::en);
        EXPECT_EQ(r.status, status);
        EXPECT_EQ(r.fields.has("Retry-After"), status == 503) << status;
    }
}

TEST(failure_response, our_own_faults_go_to_the_log_not_to_the_caller) {
    const log::capture kept;
    const auto r = failure_response({failure_kind::internal, "disk I/O error in /var/lib/ecert"},
                                    language::en);
    EXPECT_EQ(body_of(r).find("/var/lib"), std::string::npos);
    EXPECT_NE(kept.lines().find("/var/lib"), std::string::npos);
}

}  // namespace
}  // namespace ecert::hub::tests
