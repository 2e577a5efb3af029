// The small readings of a request: trace, media type, list, rate; and content as an answer.
#include "config/log.hpp"
#include "hub/listen/access_log.hpp"
#include "hub/listen/content_response.hpp"
#include "hub/listen/list_request.hpp"
#include "hub/listen/media_type.hpp"
#include "hub/listen/rate_limit.hpp"
#include "hub/listen/trace.hpp"
#include "tests/unit/hub/listen/fake_incoming.hpp"

#include <gtest/gtest.h>

namespace ecert::hub::tests {
namespace {

TEST(trace, a_good_traceparent_is_kept) {
    const std::string good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    EXPECT_EQ(traceparent_for(good), good);
}

TEST(trace, anything_else_is_replaced_by_one_of_ours) {
    for (const auto* bad : {"", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
                            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nX: y"}) {
        const auto made = traceparent_for(bad);
        EXPECT_NE(made, bad);
        EXPECT_EQ(traceparent_for(made), made) << "ours is well formed";
    }
    EXPECT_NE(traceparent_for(""), traceparent_for(""));
}

TEST(media_type, parameters_and_case_do_not_matter) {
    const auto is_xml = [](const char* type) {
        return is_media_type(fake_incoming{"POST", "/"}.field("Content-Type", type).head(),
                             {"application/xml", "text/xml"});
    };
    EXPECT_TRUE(is_xml("application/xml"));
    EXPECT_TRUE(is_xml("Text/XML ; charset=utf-8"));
    EXPECT_FALSE(is_xml("application/json"));
    EXPECT_FALSE(is_xml("application/xml+x"));
    EXPECT_FALSE(is_xml(""));
}

list_request list_of(const std::string& query, list_scope scope = list_scope::one_agency) {
    return read_list_request(fake_incoming{"GET", "/v1/certificates?" + query}.head(), scope);
}

TEST(list_request, every_parameter_is_read) {
    const auto r = list_of(
        "number=A%2F1&partner=NZ&state=parked&from=2026-11-01T00:00:00Z&until=2026-11-02T00:00:00Z&"
        "cursor=c&limit=7");
    EXPECT_TRUE(r.found.empty());
    EXPECT_EQ(r.query.number, "A/1");
    EXPECT_EQ(r.query.partner, "NZ");
    EXPECT_EQ(r.query.state, state::parked);
    EXPECT_EQ(r.query.from, parse_rfc3339("2026-11-01T00:00:00Z"));
    EXPECT_EQ(r.query.until, parse_rfc3339("2026-11-02T00:00:00Z"));
    EXPECT_EQ(r.query.cursor, "c");
    EXPECT_EQ(r.query.most, 7u);
}

TEST(list_request, all_that_is_wrong_is_said_at_once) {
    const auto r = list_of("state=lost&from=yesterday&limit=0&limit=1001&limit=7x&colour=red");
    EXPECT_EQ(r.found.size(), 6u);
}

TEST(list_request, a_parameter_given_twice_is_named_and_neither_is_taken_for_the_other) {
    const auto r = list_of("number=A&limit=5&number=B");
    ASSERT_EQ(r.found.size(), 1u);
    EXPECT_EQ(r.found[0].id, "REST-PARAMETER");
    EXPECT_EQ(r.found[0].where, "?number");
    EXPECT_EQ(r.found[0].value, "B");
    EXPECT_EQ(r.found[0].expected, "given once");
    EXPECT_TRUE(has_errors(list_of("state=parked&state=parked").found)) << "nor the same again";
}

TEST(list_request, an_agency_cannot_name_another) {
    EXPECT_TRUE(has_errors(list_of("agency=GACC").found));
    EXPECT_EQ(list_of("agency=GACC").query.agency, "");
    const auto operators = list_of("agency=GACC&unfinished=true", list_scope::all_agencies);
    EXPECT_EQ(operators.query.agency, "GACC");
    EXPECT_TRUE(operators.query.unfinished_first);
}

TEST(rate_limit, a_second_of_burst_then_the_rate) {
    rate_limit two{2};
    const steady_point start{};
    EXPECT_FALSE(two.take("MARA", start));
    EXPECT_FALSE(two.take("MARA", start));
    EXPECT_EQ(two.take("MARA", start), duration{500});
    EXPECT_FALSE(two.take("MARA", start + 500ms));
    EXPECT_TRUE(two.take("MARA", start + 500ms));
    EXPECT_FALSE(two.take("MARA", start + 1h));
    EXPECT_FALSE(two.take("MARA", start + 1h));
    EXPECT_TRUE(two.take("MARA", start + 1h)) << "an hour's rest is no hour's worth of burst";
}

TEST(rate_limit, one_agency_never_pays_for_another) {
    rate_limit one{1};
    EXPECT_FALSE(one.take("MARA", {}));
    EXPECT_TRUE(one.take("MARA", {}));
    EXPECT_FALSE(one.take("GACC", {}));
}

TEST(content_response, gives_the_very_bytes_and_their_digest) {
    const auto content = crypto::from_memory("<a>\r\n</a>");
    const auto r = content_response(content, fake_incoming{"GET", "/"}.head());
    EXPECT_EQ(r.status, 200);
    EXPECT_EQ(body_of(r), "<a>\r\n</a>");
    EXPECT_EQ(r.size, 9u);
    EXPECT_EQ(r.fields.get("ETag"), '"' + content->digest().hex() + '"');
}

TEST(content_response, who_has_it_is_not_sent_it_again) {
    const auto content = crypto::from_memory("<a/>");
    fake_incoming asked{"GET", "/"};
    asked.field("If-None-Match", '"' + content->digest().hex() + '"');
    const auto r = content_response(content, asked.head());
    EXPECT_EQ(r.status, 304);
    EXPECT_EQ(r.size, 0u);
}

TEST(access_log, a_query_string_is_never_logged) {
    const log::capture kept;
    const fake_incoming request{"GET", "/v1/certificates?number=SECRET-1"};
    log_request("agencies", request, "agency:MARA", 200, 1.5, "");
    EXPECT_NE(kept.lines().find("request_served"), std::string::npos);
    EXPECT_NE(kept.lines().find("agency:MARA"), std::string::npos);
    EXPECT_EQ(kept.lines().find("SECRET"), std::string::npos);
}

}  // namespace
}  // namespace ecert::hub::tests
