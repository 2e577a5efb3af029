#include "adapters/engine/dialect.hpp"
#include "tests/unit/adapters/engine/two_nodes.hpp"

#include <algorithm>

namespace ecert::tests {
namespace {

struct dialect_load : testing::Test {
    temporary_folder folder{"ecert-dialects"};
    const fs::path node = folder.path() / "node";
    void SetUp() override {
        xml_library();
        fs::copy(built_in_dialects() / "node", node, fs::copy_options::recursive);
    }
    std::string text(const std::string& file) {
        std::ifstream in{node / file, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    void write(const std::string& file, const std::string& bytes) {
        std::ofstream{node / file, std::ios::binary} << bytes;
    }
    void change(const std::string& file, const std::string& from, const std::string& to) {
        const auto before = text(file);
        const auto at = before.find(from);
        ASSERT_NE(at, std::string::npos) << from;
        write(file, before.substr(0, at) + to + before.substr(at + from.size()));
    }
    engine::loaded_dialects load() { return engine::load_dialects({folder.path()}); }
};

bool has(const problems& found, const std::string& id, const std::string& where) {
    return std::any_of(found.begin(), found.end(), [&](const auto& p) {
        return p.id == id && p.where.find(where) != std::string::npos;
    });
}

std::string all_of(const problems& found) {
    std::string text;
    for (const auto& p : found)
        text += p.id + " | " + p.where + " | " + p.value + " | " + p.expected + "\n";
    return text;
}

TEST_F(dialect_load, the_built_in_node_loads_without_a_word) {
    const auto loaded = load();
    EXPECT_TRUE(loaded.found.empty()) << all_of(loaded.found);
    ASSERT_TRUE(loaded.all.contains("node"));
    const auto& d = *loaded.all.at("node");
    EXPECT_TRUE(d.calls_for(queue::verb::deliver));
    EXPECT_TRUE(d.calls_for(queue::verb::respond));
    EXPECT_FALSE(d.calls_for(queue::verb::track));
    EXPECT_TRUE(d.translations.contains("sps-8"));
}

// Its fixtures hold every rule to what its author meant.
TEST_F(dialect_load, the_built_in_ephyto_loads_without_a_word) {
    const auto loaded = engine::load_dialects({built_in_dialects()});
    EXPECT_TRUE(loaded.found.empty()) << all_of(loaded.found);
    ASSERT_TRUE(loaded.all.contains("ephyto"));
    const auto& d = *loaded.all.at("ephyto");
    for (auto v : {queue::verb::deliver, queue::verb::track, queue::verb::list, queue::verb::fetch,
                   queue::verb::confirm, queue::verb::respond})
        EXPECT_TRUE(d.calls_for(v)) << queue::name_of(v);
    EXPECT_FALSE(d.addressing);
    EXPECT_FALSE(d.message_id);
    EXPECT_TRUE(d.delivered_completes);
}

TEST_F(dialect_load, everything_wrong_is_said_at_once_with_file_and_line) {
    change("dialect.toml", "soap = \"1.2\"", "soap = \"1.3\"\ncolour = \"red\"");  // lines 2, 3
    change("dialect.toml", "security = \"wss-x509\"", "security = \"trust-me\"");  // line 4
    change("dialect.toml", "body = \"call/deliver.xsl\"", "body = \"../../etc/passwd\"");
    change("dialect.toml", "body = \"call/respond.xsl\"", "body = \"call/nothing.xsl\"");
    change("dialect.toml", "verb = \"deliver\"", "verb = \"throw\"");
    change("dialect.toml", "outcome = \"delivered\"", "outcome = \"maybe\"");
    change("dialect.toml", "when = \"n:DeliverResponse/n:Receipt\"",
           "when = \"n:DeliverResponse[\"");
    change("dialect.toml", "status = [200]", "status = \"200\"");
    change("dialect.toml", "request = \"n:Respond\"", "request = \"zz:Respond\"");
    change("dialect.toml", "answer_status =", "answer_colour =");
    change("dialect.toml", "scope = \"channel\"", "scope = \"world\"");
    change("serve/deliver-reply.xsl", "</xsl:template>", "");
    const auto loaded = load();
    const auto said = all_of(loaded.found);
    EXPECT_FALSE(loaded.all.contains("node"));
    EXPECT_TRUE(has(loaded.found, "DIA-VALUE", "dialect.toml:2 soap")) << said;
    EXPECT_TRUE(has(loaded.found, "DIA-UNKNOWN-KEY", "dialect.toml:3 colour")) << said;
    EXPECT_TRUE(has(loaded.found, "DIA-VALUE", "dialect.toml:4 security")) << said;
    for (const auto* key : {"verb", "outcome", "request", "scope"})
        EXPECT_TRUE(has(loaded.found, "DIA-VALUE", std::string{" "} + key)) << key << said;
    EXPECT_EQ(std::count_if(loaded.found.begin(), loaded.found.end(),
                            [](const auto& p) { return p.id == "DIA-FILE"; }),
              2)
        << said;
    EXPECT_TRUE(has(loaded.found, "DIA-XPATH", " when")) << said;
    EXPECT_TRUE(has(loaded.found, "DIA-TYPE", " status")) << said;
    EXPECT_TRUE(has(loaded.found, "DIA-UNKNOWN-KEY", " answer_colour")) << said;
    EXPECT_TRUE(std::any_of(loaded.found.begin(), loaded.found.end(), [](const auto& p) {
        return p.where.find("deliver-reply.xsl") != std::string::npos;
    })) << said;
}

TEST_F(dialect_load, every_problem_id_has_its_texts) {
    for (const auto* id :
         {"DIA-FILE", "DIA-FIXTURE", "DIA-MISSING-KEY", "DIA-RULE-UNREACHABLE", "DIA-TOML",
          "DIA-TWICE", "DIA-TYPE", "DIA-UNKNOWN-KEY", "DIA-VALUE", "DIA-XPATH"})
        EXPECT_NE(problem_text(id, language::zh), id);
}

TEST_F(dialect_load, broken_toml_names_its_line) {
    write("dialect.toml", "soap = \"1.2\"\nsecurity = \n");
    const auto loaded = load();
    EXPECT_TRUE(has(loaded.found, "DIA-TOML", "dialect.toml:2")) << all_of(loaded.found);
    EXPECT_FALSE(loaded.all.contains("node"));
}

TEST_F(dialect_load, a_missing_dialect_toml_is_an_error) {
    fs::remove(node / "dialect.toml");
    EXPECT_TRUE(has_errors(load().found));
}

TEST_F(dialect_load, required_keys_are_missed) {
    write("dialect.toml", "[[call]]\n[[serve]]\n[[rule]]\n");
    const auto found = load().found;
    for (const auto* key :
         {"soap", "security", "verb", "name", "body", "request", "reply", "outcome"})
        EXPECT_TRUE(has(found, "DIA-MISSING-KEY", key)) << key << all_of(found);
}

TEST_F(dialect_load, a_rule_that_never_decides_is_warned_of) {
    change("dialect.toml", "[[rule]]\nstage = \"after-body\"\noutcome = \"ambiguous\"",
           "[[rule]]\nstage = \"after-body\"\noutcome = \"ambiguous\"\n\n[[rule]]\nstage = "
           "\"after-body\"\nstatus = [500]\noutcome = \"refused\"");
    const auto loaded = load();
    EXPECT_TRUE(loaded.all.contains("node"));
    ASSERT_FALSE(loaded.found.empty());
    EXPECT_TRUE(has(loaded.found, "DIA-RULE-UNREACHABLE", "dialect.toml")) << all_of(loaded.found);
    EXPECT_EQ(loaded.found[0].level, severity::warning);
}

TEST_F(dialect_load, a_fixture_that_gives_another_outcome_is_an_error) {
    change("fixtures/too-many.toml", "expect = \"temporary\"", "expect = \"delivered\"");
    const auto loaded = load();
    EXPECT_TRUE(has(loaded.found, "DIA-FIXTURE", "too-many.toml")) << all_of(loaded.found);
    EXPECT_FALSE(loaded.all.contains("node"));
}

// The fixtures guard the rules: whichever rule is taken out, one of them notices.
TEST_F(dialect_load, the_fixtures_notice_a_changed_rule) {
    change("dialect.toml", "fault = \"Receiver\"\noutcome = \"temporary\"",
           "fault = \"Receiver\"\noutcome = \"poison\"");
    EXPECT_TRUE(has(load().found, "DIA-FIXTURE", "fault-receiver.toml"));
}

TEST_F(dialect_load, the_same_name_in_two_folders_is_an_error_and_neither_is_taken) {
    temporary_folder second{"ecert-dialects-2"};
    fs::copy(node, second.path() / "node", fs::copy_options::recursive);
    const auto loaded = engine::load_dialects({folder.path(), second.path()});
    EXPECT_TRUE(has(loaded.found, "DIA-TWICE", second.path().string())) << all_of(loaded.found);
    EXPECT_TRUE(loaded.all.empty());
}

TEST_F(dialect_load, a_folder_that_is_not_there_holds_no_dialects) {
    const auto loaded = engine::load_dialects({folder.path() / "nowhere"});
    EXPECT_TRUE(loaded.all.empty());
    EXPECT_TRUE(loaded.found.empty());
}

TEST_F(dialect_load, two_calls_of_one_verb_are_an_error_unless_the_first_needs_more) {
    change("dialect.toml", "verb = \"respond\"", "verb = \"deliver\"");
    EXPECT_TRUE(has(load().found, "DIA-TWICE", " call"));
    change("dialect.toml", "name = \"Respond\"",
           "name = \"Respond\"\nneeds = \"parameter.operation=Respond\"");
    EXPECT_TRUE(has(load().found, "DIA-TWICE", " call")) << "the first takes all of them";
    change("dialect.toml", "name = \"Deliver\"", "name = \"Deliver\"\nneeds = \"reference\"");
    EXPECT_FALSE(has(load().found, "DIA-TWICE", " call")) << all_of(load().found);
}

TEST_F(dialect_load, what_a_call_needs_is_something_that_a_task_may_have) {
    change("dialect.toml", "name = \"Respond\"", "name = \"Respond\"\nneeds = \"luck\"");
    EXPECT_TRUE(has(load().found, "DIA-VALUE", " needs"));
}

TEST_F(dialect_load, a_fetch_says_where_its_content_and_its_envelope_stand) {
    change("dialect.toml", "verb = \"respond\"", "verb = \"fetch\"");
    const auto found = load().found;
    EXPECT_TRUE(has(found, "DIA-MISSING-KEY", " content")) << all_of(found);
    EXPECT_TRUE(has(found, "DIA-MISSING-KEY", " fields.reference")) << all_of(found);
}

TEST_F(dialect_load, a_list_says_where_its_entries_stand) {
    change("dialect.toml", "verb = \"respond\"", "verb = \"list\"");
    EXPECT_TRUE(has(load().found, "DIA-MISSING-KEY", " each"));
}

TEST_F(dialect_load, an_expression_knows_what_was_sent_and_nothing_else) {
    change("dialect.toml", "when = \"n:RespondResponse/n:Receipt\"",
           "when = \"n:RespondResponse/n:Receipt[$secret]\"");
    EXPECT_TRUE(has(load().found, "DIA-XPATH", " when"));
}

TEST_F(dialect_load, comments_and_fixtures_do_not_change_the_digest_and_values_do) {
    const auto before = load().all.at("node")->digest;
    write("dialect.toml", "# a new comment\n\n" + text("dialect.toml"));
    EXPECT_EQ(load().all.at("node")->digest, before);
    fs::remove(node / "fixtures/too-many.toml");
    EXPECT_EQ(load().all.at("node")->digest, before);
    change("dialect.toml", "status = [401, 403, 404, 405, 415]",
           "status = [401, 403, 404, 405, 415, 501]");
    const auto after = load().all.at("node")->digest;
    EXPECT_NE(after, before);
    change("call/envelope.xsl", "</n:Envelope>", "<n:More/></n:Envelope>");
    EXPECT_NE(load().all.at("node")->digest, after);
}

struct ephyto_load : testing::Test {
    temporary_folder folder{"ecert-ephyto"};
    const fs::path ephyto = folder.path() / "ephyto";
    void SetUp() override {
        xml_library();
        fs::copy(built_in_dialects() / "ephyto", ephyto, fs::copy_options::recursive);
    }
    void change(const std::string& file, const std::string& from, const std::string& to) {
        std::ifstream in{ephyto / file, std::ios::binary};
        std::string text{std::istreambuf_iterator<char>{in}, {}};
        const auto at = text.find(from);
        ASSERT_NE(at, std::string::npos) << from;
        std::ofstream{ephyto / file, std::ios::binary} << text.replace(at, from.size(), to);
    }
    problems found() { return engine::load_dialects({folder.path()}).found; }
};

TEST_F(ephyto_load, every_operation_served_is_described_and_no_other) {
    const auto loaded = engine::load_dialects({folder.path()});
    EXPECT_FALSE(has_errors(loaded.found)) << all_of(loaded.found);
    ASSERT_TRUE(loaded.all.contains("ephyto"));
    const auto& d = *loaded.all.at("ephyto");
    EXPECT_TRUE(d.agencies);
    EXPECT_EQ(d.served.size(), 2u);
    std::size_t described = 0;
    for (std::size_t at = 0; (at = d.wsdl.find("<wsdl:input message=", at)) != d.wsdl.npos; ++at)
        ++described;
    EXPECT_EQ(described, d.serves.size());
    for (const auto& operation : d.serves) {
        const auto in_1_1 = d.wsdl.find("<soap:operation soapAction=\"" + operation.action + "\"");
        const auto in_1_2 =
            d.wsdl.find("<soap12:operation soapAction=\"" + operation.action + "\"");
        EXPECT_NE(in_1_1, d.wsdl.npos) << operation.name;
        EXPECT_NE(in_1_2, d.wsdl.npos) << operation.name;
        EXPECT_NE(d.wsdl.find("<xs:element name=\"" + operation.request.local + "Response\">"),
                  d.wsdl.npos)
            << operation.name;
    }
}

TEST_F(ephyto_load, what_is_wrong_with_what_is_served_is_said_at_once) {
    change("dialect.toml", "serve_soap = [\"1.1\", \"1.2\"]", "serve_soap = [\"1.0\"]");
    change("dialect.toml", "complete_at = \"delivered\"", "complete_at = \"sent\"");
    change("dialect.toml", "variant = \"validated\"", "variant = \"thrice\"");
    change("dialect.toml", "content_as = [\"base64\", \"text\"]", "content_as = [\"gzip\"]");
    change("dialect.toml", "content_as = [\"typed\"]", "content_as = [\"typed\", \"text\"]");
    change("dialect.toml", "Delivered = \"delivered\"", "Delivered = \"perhaps\"");
    change("dialect.toml", "wsdl = \"serve/service.wsdl\"", "wsdl = \"serve/empty.xsl\"");
    const auto all = found();
    const auto said = all_of(all);
    for (const auto* key :
         {"serve_soap", "complete_at", "variant", "content_as", "Delivered", "wsdl"})
        EXPECT_TRUE(has(all, "DIA-VALUE", std::string{" "} + key)) << key << "\n" << said;
    EXPECT_EQ(std::ranges::count(all, "DIA-VALUE", &problem::id), 8) << said;
}

TEST_F(ephyto_load, agencies_are_served_where_nobody_signs) {
    change("dialect.toml", "security = \"none\"", "security = \"wss-x509\"");
    EXPECT_TRUE(has(found(), "DIA-VALUE", " agencies"));
}

}  // namespace
}  // namespace ecert::tests
