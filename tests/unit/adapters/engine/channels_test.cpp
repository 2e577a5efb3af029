#include "adapters/engine/channels.hpp"

#include "tests/unit/adapters/engine/two_nodes.hpp"

#include <algorithm>

namespace ecert::tests {
namespace {

struct channels : testing::Test {
    boost::asio::io_context loop{1};
    pool work{1};
    temporary_folder folder{"ecert-channels"};
    std::shared_ptr<configuration> told = std::make_shared<configuration>();

    void SetUp() override {
        xml_library();
        told->folder = folder.path();
        told->node.name = "CN";
        told->node.dialects = built_in_dialects();
        told->keys["signing"] = {"signing", development_pki() / "CN-signing.key",
                                 development_pki() / "CN-signing.pem"};
        auto& channel = told->channels["nz"];
        channel.name = "nz";
        channel.dialect = "node";
        channel.endpoint = "https://127.0.0.1:9/node";
        channel.tls_certificate = development_pki() / "CN-client.pem";
        channel.tls_key = development_pki() / "CN-client.key";
        channel.tls_ca = development_pki() / "ca.pem";
        channel.signing_key = "signing";
        channel.signing_certificates = {development_pki() / "NZ-signing.pem"};
        channel.identity = {
            {{}, development_pki() / "ca.pem", "CN=NZ-client,O=e-Cert development"}};
        auto& partner = told->partners["NZ"];
        partner.name = "NZ";
        partner.channel = "nz";
    }

    engine::made_snapshot make(const engine::snapshot_ptr& before = nullptr) {
        return engine::make_snapshot(loop.get_executor(), std::make_shared<configuration>(*told),
                                     work, folder.path(), before);
    }
};

bool has(const problems& found, const std::string& id) {
    return std::any_of(found.begin(), found.end(), [&](const auto& p) {
        return p.id == id && problem_text(id, language::en) != id;
    });
}

TEST_F(channels, a_partner_is_reached_over_its_channel) {
    const auto made = make();
    ASSERT_TRUE(made.value) << (made.found.empty() ? ""
                                                   : made.found[0].id + made.found[0].where +
                                                         made.found[0].expected);
    const auto over = made.value->channel_of("NZ");
    ASSERT_TRUE(over);
    EXPECT_TRUE(over->client);
    EXPECT_EQ(over->node, "CN");
    EXPECT_EQ(over->signers.size(), 1u);
    EXPECT_EQ(over->identity.size(), 1u);
    EXPECT_EQ(made.value->channel_of("XX"), nullptr);
    EXPECT_EQ(made.value->partner("XX"), nullptr);
}

TEST_F(channels, an_attempt_signs_with_the_key_of_the_snapshot_it_began_with) {
    const auto key = folder.path() / "turn.key", certificate = folder.path() / "turn.pem";
    const auto put = [&](const std::string& name) {
        constexpr auto over = fs::copy_options::overwrite_existing;
        fs::copy_file(development_pki() / (name + "-signing.key"), key, over);
        fs::copy_file(development_pki() / (name + "-signing.pem"), certificate, over);
    };
    told->keys["signing"] = {"signing", key, certificate};
    put("CN");
    const auto before = make().value;
    ASSERT_TRUE(before);
    put("XX");
    const auto after = make(before).value;
    ASSERT_TRUE(after);
    EXPECT_EQ(before->channel_of("NZ")->keys->certificate("signing"),
              signing_certificate("CN").der());
    EXPECT_EQ(after->channel_of("NZ")->keys->certificate("signing"),
              signing_certificate("XX").der());
    EXPECT_EQ(before->channel_of("NZ")->client, after->channel_of("NZ")->client);
}

TEST_F(channels, a_renewed_key_that_is_wrong_makes_no_snapshot_and_all_of_it_is_said) {
    const auto before = make().value;
    ASSERT_TRUE(before);
    told->keys["signing"].certificate = development_pki() / "NZ-signing.pem";
    told->keys["other"] = {"other", folder.path() / "none.key",
                           development_pki() / "XX-signing.pem"};
    told->channels["nz"].signing_certificates = {folder.path() / "none.pem"};
    const auto after = make(before);
    EXPECT_FALSE(after.value);
    EXPECT_TRUE(has(after.found, "KEY-MISMATCH"));
    EXPECT_TRUE(has(after.found, "KEY-UNREADABLE"));
    EXPECT_TRUE(has(after.found, "CHN-CERTIFICATE"));
}

TEST_F(channels, everything_wrong_is_said_at_once) {
    auto& second = told->channels["fr"];
    second = told->channels["nz"];
    second.name = "fr";
    second.dialect = "esperanto";
    auto& first = told->channels["nz"];
    first.signing_key = "lost";
    first.signing_certificates = {folder.path() / "nowhere.pem"};
    first.tls_key = folder.path() / "nowhere.key";
    told->partners["NZ"].translate = "klingon";
    const auto made = make();
    EXPECT_FALSE(made.value);
    for (const auto* id :
         {"CHN-DIALECT", "CHN-SIGNING-KEY", "CHN-CERTIFICATE", "CHN-CLIENT", "CHN-TRANSLATION"})
        EXPECT_TRUE(has(made.found, id)) << id;
}

TEST_F(channels, a_signed_dialect_needs_to_know_who_signs) {
    told->channels["nz"].signing_certificates.clear();
    EXPECT_TRUE(has(make().found, "CHN-SIGNERS"));
}

TEST_F(channels, a_channel_that_is_only_served_has_no_client) {
    told->channels["nz"].endpoint.clear();
    const auto made = make();
    ASSERT_TRUE(made.value);
    EXPECT_FALSE(made.value->channel_of("NZ")->client);
}

TEST_F(channels, an_unchanged_channel_keeps_its_connections) {
    const auto first = make().value;
    told->channels["nz"].window = 3;
    told->partners["NZ"].priority = 7;
    const auto second = make(first).value;
    EXPECT_EQ(first->channel_of("NZ")->client, second->channel_of("NZ")->client);
    EXPECT_EQ(second->channel_of("NZ")->profile.window, 3u);
}

TEST_F(channels, a_certificate_renewed_under_its_old_name_makes_a_new_client) {
    const auto certificate = folder.path() / "client.pem", key = folder.path() / "client.key";
    const auto install = [&](const std::string& from) {
        fs::copy_file(development_pki() / (from + "-client.pem"), certificate,
                      fs::copy_options::overwrite_existing);
        fs::copy_file(development_pki() / (from + "-client.key"), key,
                      fs::copy_options::overwrite_existing);
    };
    install("CN");
    told->channels["nz"].tls_certificate = certificate;
    told->channels["nz"].tls_key = key;
    const auto first = make().value;
    install("XX");
    const auto second = make(first).value;
    ASSERT_TRUE(first && second);
    EXPECT_NE(first->channel_of("NZ")->client, second->channel_of("NZ")->client);
}

TEST_F(channels, who_began_with_a_snapshot_keeps_it) {
    engine::snapshots all;
    EXPECT_EQ(all.current(), nullptr);
    const auto first = make().value;
    all.swap(first);
    const auto held = all.current();
    all.swap(make(first).value);
    EXPECT_NE(all.current(), held);
    EXPECT_TRUE(held->channel_of("NZ"));
}

TEST_F(channels, the_profile_digest_knows_every_value_and_no_credential) {
    const auto& c = told->channels["nz"];
    const auto& p = told->partners["NZ"];
    const auto same = engine::profile_digest(c, p);
    auto credentials = c;
    credentials.tls_key = "other.key";
    credentials.signing_key = "other";
    credentials.identity.clear();
    EXPECT_EQ(engine::profile_digest(credentials, p), same);
    auto moved = c;
    moved.endpoint += "2";
    EXPECT_NE(engine::profile_digest(moved, p), same);
    auto patient = c;
    patient.retry.jitter = 0.5;
    EXPECT_NE(engine::profile_digest(patient, p), same);
    auto translated = p;
    translated.translate = "sps-8";
    EXPECT_NE(engine::profile_digest(c, translated), same);
    auto told_more = p;
    told_more.parameters["a"] = "b";
    EXPECT_NE(engine::profile_digest(c, told_more), same);
}

}  // namespace
}  // namespace ecert::tests
