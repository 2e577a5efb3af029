// Who may ask, what is found, and what stays hidden.
#include "adapters/sps/acknowledgement.hpp"
#include "config/log.hpp"
#include "hub/ingest/agency_routes.hpp"
#include "hub/ingest/openapi.hpp"
#include "tests/unit/hub/ingest/agency_world.hpp"

#include <set>

namespace ecert::hub::tests {
namespace {

struct agency_door : agency_world {
    fake_ledger ledger;
    log::capture kept;

    agency_door() {
        ledger.on_list = [](const list_query&) -> result<page<certificate_view>> {
            return page<certificate_view>{};
        };
        // One certificate, GACC's; the ledger scopes by agency as its contract says.
        ledger.on_certificate = [](uuid id, const std::string& agency) -> result<certificate_view> {
            if (id != id_of(1) || agency != "GACC")
                return failure{failure_kind::not_found, "no such certificate"};
            return of_gacc();
        };
        ledger.on_custody_of = [](uuid) -> result<custody_view> {
            custody_view v;
            v.certificate = of_gacc();
            v.state = v.certificate->state;
            v.holder = "NZ";
            v.attempts = 2;
            v.who_must_act = "nobody: it goes on by itself";
            return v;
        };
        ledger.on_events = [](uuid, const std::string& agency) -> result<std::vector<event_view>> {
            EXPECT_EQ(agency, "GACC");
            return std::vector<event_view>{{7, {}, "accepted", "agency:GACC", R"({"link":1})", ""}};
        };
        ledger.on_content = [](const crypto::sha256&) -> result<crypto::source_ptr> {
            return crypto::from_memory("<bytes/>");
        };
        open(ledger);
    }
    static certificate_view of_gacc() {
        certificate_view v;
        v.certificate = id_of(1);
        v.agency = "GACC";
        v.envelope = {"CN", "NZ", "A/1 \"<\n", 851, 70};
        v.state = state::sent;
        return v;
    }
    static std::string at(const std::string& rest = "") {
        return "/v1/certificates/" + queue::to_string(id_of(1)) + rest;
    }
};

TEST_F(agency_door, without_an_identity_it_is_401) {
    fake_incoming request{"GET", "/v1/certificates"};
    EXPECT_EQ(ask(request).status, 401);
    EXPECT_EQ(get("stranger", "/v1/certificates").status, 401);
    EXPECT_NE(kept.lines().find("CN=stranger"), std::string::npos) << "the log says who it was";
}

TEST_F(agency_door, a_partners_channel_is_403) {
    EXPECT_EQ(get("nz", "/v1/certificates").status, 403);
}

TEST_F(agency_door, no_header_gives_a_role) {
    fake_incoming request{"GET", "/v1/certificates"};
    request.from(keys.load("stranger"));
    for (const auto* name : {"X-Agency", "X-Role", "X-Forwarded-Client-Cert", "X-SSL-Client-S-DN",
                             "Authorization", "Agency", "From"})
        request.field(name, "GACC");
    EXPECT_EQ(ask(request).status, 401);
}

TEST_F(agency_door, an_agency_that_was_removed_is_out_at_once) {
    EXPECT_EQ(get("gacc", "/v1/certificates").status, 200);
    configuration smaller = settings;
    smaller.agencies.erase("GACC");
    in_force = roles::make(smaller).first;
    EXPECT_EQ(get("gacc", "/v1/certificates").status, 401);
}

TEST_F(agency_door, a_list_is_the_agencys_own) {
    std::string asked;
    ledger.on_list = [&](const list_query& q) -> result<page<certificate_view>> {
        asked = q.agency;
        page<certificate_view> p;
        p.rows.push_back(of_gacc());
        p.next = "after-1";
        return p;
    };
    const auto answer = json_of(get("gacc", "/v1/certificates?state=sent&limit=1"));
    EXPECT_EQ(asked, "GACC");
    EXPECT_EQ(text_at(answer, "/rows/0/number"), "A/1 \"<\n");
    EXPECT_EQ(text_at(answer, "/rows/0/state"), "sent");
    EXPECT_EQ(text_at(answer, "/next"), "after-1");
    EXPECT_EQ(get("gacc", "/v1/certificates?agency=MARA").status, 422);
}

TEST_F(agency_door, ones_own_certificate_is_shown_with_its_custody) {
    const auto answer = json_of(get("gacc", at()));
    EXPECT_EQ(text_at(answer, "/certificate"), queue::to_string(id_of(1)));
    EXPECT_EQ(text_at(answer, "/holder"), "NZ");
    EXPECT_EQ(text_at(answer, "/who_must_act"), "nobody: it goes on by itself");
}

TEST_F(agency_door, anothers_certificate_is_404_exactly_as_one_that_never_was) {
    const auto never = "/v1/certificates/" + queue::to_string(id_of(9));
    for (const auto* rest : {"", "/events", "/content"}) {
        EXPECT_EQ(get("gacc", at(rest)).status, 200) << rest;
        const auto others = get("mara", at(rest)), none = get("mara", never + rest);
        EXPECT_EQ(others.status, 404) << rest;
        EXPECT_EQ(body_of(others), body_of(none)) << rest;
    }
    EXPECT_EQ(get("gacc", "/v1/certificates/not-an-id").status, 404);
}

TEST_F(agency_door, events_have_their_detail_as_an_object) {
    const auto answer = json_of(get("gacc", at("/events")));
    EXPECT_EQ(text_at(answer, "/rows/0/kind"), "accepted");
    EXPECT_EQ(text_at(answer, "/rows/0/detail/link"), "1");
}

TEST_F(agency_door, content_is_the_very_bytes) {
    const auto answer = get("gacc", at("/content"));
    EXPECT_EQ(body_of(answer), "<bytes/>");
    EXPECT_EQ(answer.fields.get("ETag"), '"' + crypto::sha256_of("<bytes/>").hex() + '"');
}

TEST_F(agency_door, the_authoritys_answer_is_an_acknowledgement_of_un_cefact) {
    EXPECT_EQ(get("gacc", at("/acknowledgement")).status, 404) << "not answered yet";
    ledger.on_certificate = [](uuid, const std::string&) -> result<certificate_view> {
        auto v = of_gacc();
        v.answer_status = 41;
        v.answer_reason = "Seal <broken>";
        return v;
    };
    const auto answer = get("gacc", at("/acknowledgement"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.fields.get("Content-Type"), "application/xml");
    const auto read = sps::read_acknowledgement_of(
        crypto::xml::document::parse(body_of(answer), {})->root());
    EXPECT_TRUE(read.found.empty());
    EXPECT_EQ(read.value, (sps::acknowledgement{
                              41, "", "Seal <broken>", "", {{851, "ZZZ", "A/1 \"<"}}}));
}

TEST_F(agency_door, every_answer_carries_its_trace) {
    EXPECT_TRUE(get("gacc", "/v1/certificates").fields.has("traceparent"));
    EXPECT_TRUE(get("stranger", "/v1/certificates").fields.has("traceparent"));
    EXPECT_NE(kept.lines().find("request_served"), std::string::npos);
}

std::set<std::string> described() {
    const auto document = boost::json::parse(openapi_text());
    std::set<std::string> all;
    for (const auto& [path, item] : document.at("paths").as_object())
        for (const auto& [method, operation] : item.as_object()) {
            std::string upper{method};
            for (auto& c : upper) c = static_cast<char>(std::toupper(c));
            all.insert(upper + " " + std::string{path});
        }
    return all;
}

TEST(openapi, describes_every_route_and_no_other) {
    std::set<std::string> served;
    for (const auto& r : agency_routes())
        served.insert(std::string{r.method} + " " + std::string{r.pattern});
    EXPECT_EQ(described(), served);
}

TEST(openapi, every_reference_leads_somewhere) {
    const auto document = boost::json::parse(openapi_text());
    EXPECT_EQ(text_at(document, "/openapi"), "3.1.0");
    const std::string text{openapi_text()};
    const std::string mark = "\"$ref\": \"#";
    for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + 1)) {
        const auto first = at + mark.size();
        const auto pointer = text.substr(first, text.find('"', first) - first);
        EXPECT_NE(text_at(document, pointer), "(none)") << pointer;
    }
}

TEST(openapi, names_every_state) {
    const auto document = boost::json::parse(openapi_text());
    std::set<std::string> named;
    for (const auto& s : document.at_pointer("/components/schemas/State/enum").as_array())
        named.insert(std::string{s.as_string()});
    std::set<std::string> all;
    for (int s = 0; s <= static_cast<int>(state::cancelled); ++s)
        all.insert(std::string{name_of(static_cast<state>(s))});
    EXPECT_EQ(named, all);
}

TEST_F(agency_door, the_description_is_served) {
    EXPECT_EQ(body_of(get("mara", "/openapi.json")), openapi_text());
}

}  // namespace
}  // namespace ecert::hub::tests
