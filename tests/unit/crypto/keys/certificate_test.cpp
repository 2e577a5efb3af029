#include "crypto/trust/certificate.hpp"

#include "tests/unit/crypto/keys/development_pki.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecert::crypto {
namespace {

using ::testing::HasSubstr;

class certificate_test : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        pki_ = new testing::development_pki;
        for (const auto* what :
             {"ca ca", "ca other", "ca middle ca", "client NZ ca", "client AU ca", "server host ca",
              "client deep middle", "client old ca --expired"})
            pki_->make(what);
        pki_->run("mkdir rogue");
        pki_->run(std::string{"sh "} + ECERT_SOURCE_DIR + "/deploy/pki/make-pki.sh rogue ca ca");
        pki_->run(std::string{"sh "} + ECERT_SOURCE_DIR +
                  "/deploy/pki/make-pki.sh rogue client NZ ca");
    }
    static void TearDownTestSuite() {
        delete pki_;
        pki_ = nullptr;
    }
    const testing::development_pki& pki() const { return *pki_; }
    identity_rule pinned(const std::string& name) const {
        return identity_rule::load({.pin = pki().pem(name)}).value();
    }
    identity_rule issued(const std::string& ca, const std::string& subject) const {
        return identity_rule::load({.ca = pki().pem(ca), .subject = subject}).value();
    }
    time_point now() const { return machine_clock().now(); }

  private:
    static testing::development_pki* pki_;
};
testing::development_pki* certificate_test::pki_ = nullptr;

TEST_F(certificate_test, names_read_as_openssl_prints_them) {
    pki().run(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 90 -utf8 -keyout zh.key -out zh.pem "
        "-subj '/C=CN/O=海关总署, GACC/CN=e-Cert \"node\"'");
    const auto one = pki().certificate("zh");
    EXPECT_EQ("subject=" + one.subject() + "\n",
              pki().run("openssl x509 -in zh.pem -noout -subject -nameopt RFC2253"));
    EXPECT_EQ(one.issuer(), one.subject());
    EXPECT_EQ(pki().certificate("NZ").subject(), "CN=NZ,O=e-Cert development");
    EXPECT_EQ(pki().certificate("NZ").issuer(), "CN=ca,O=e-Cert development");
}

TEST_F(certificate_test, its_digest_is_the_pin_that_openssl_prints) {
    auto printed = pki().run("openssl x509 -in NZ.pem -noout -fingerprint -sha256");
    std::erase_if(printed, [](char c) { return c == ':' || c == '\n'; });
    for (auto& c : printed) c = static_cast<char>(std::tolower(c));
    EXPECT_THAT(printed, ::testing::EndsWith("=" + pki().certificate("NZ").digest().hex()));
}

TEST_F(certificate_test, der_that_is_cut_or_followed_by_anything_is_refused) {
    const auto der = pki().certificate("NZ").der();
    ASSERT_TRUE(certificate::from_der(der));
    EXPECT_FALSE(certificate::from_der(der + '\0'));
    EXPECT_FALSE(certificate::from_der(der.substr(0, der.size() - 1)));
    EXPECT_FALSE(certificate::from_der(""));
    EXPECT_FALSE(certificate::from_der("certificate"));
}

TEST_F(certificate_test, names_that_are_no_text_of_their_type_are_refused) {
    auto der = pki().certificate("NZ").der();
    for (std::size_t at = 0; (at = der.find("e-Cert", at)) != std::string::npos; ++at)
        der[at] = '\xff';
    EXPECT_FALSE(certificate::from_der(der));
}

TEST_F(certificate_test, a_pem_file_is_read_whole_or_refused_by_name) {
    pki().run("cat NZ.pem AU.pem > two.pem; { cat NZ.pem; head -5 AU.pem; } > cut.pem");
    EXPECT_EQ(certificate::from_pem_file(pki() / "two.pem").value().size(), 2u);
    for (const auto* file : {"cut.pem", "NZ.key", "none.pem"}) {
        const auto read = certificate::from_pem_file(pki() / file);
        ASSERT_FALSE(read) << file;
        EXPECT_THAT(read.error().text, HasSubstr(file));
    }
}

TEST_F(certificate_test, a_pin_is_this_certificate_and_no_other_of_the_same_ca) {
    EXPECT_TRUE(pinned("NZ").matches(pki().certificate("NZ"), now()));
    const auto other = pinned("NZ").matches(pki().certificate("AU"), now());
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().kind, failure_kind::untrusted);
    EXPECT_THAT(other.error().text, HasSubstr("not the pinned one"));
}

TEST_F(certificate_test, a_pinned_certificate_must_be_in_its_time) {
    const auto peer = pki().certificate("NZ");
    EXPECT_TRUE(pinned("NZ").matches(peer, peer.not_after()));
    const auto late = pinned("NZ").matches(peer, peer.not_after() + duration{1});
    ASSERT_FALSE(late);
    EXPECT_THAT(late.error().text, HasSubstr("expired on"));
    EXPECT_FALSE(pinned("NZ").matches(peer, peer.not_before() - duration{1}));
    EXPECT_FALSE(pinned("old").matches(pki().certificate("old"), now()));
}

TEST_F(certificate_test, a_subject_counts_only_under_its_own_ca) {
    const auto rule = issued("ca", "CN=NZ,O=e-Cert development");
    EXPECT_TRUE(rule.matches(pki().certificate("NZ"), now()));
    const auto twin = certificate::from_pem_file(pki() / "rogue/NZ.pem").value().front();
    ASSERT_EQ(twin.subject(), "CN=NZ,O=e-Cert development");
    const auto refused = rule.matches(twin, now());
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().text, HasSubstr("ca.pem vouches for"));
    EXPECT_FALSE(
        issued("other", "CN=NZ,O=e-Cert development").matches(pki().certificate("NZ"), now()));
}

TEST_F(certificate_test, a_subject_is_compared_whole) {
    const auto peer = pki().certificate("NZ");
    for (const auto* subject : {"CN=NZ", "CN=NZ,O=e-Cert developmen", "O=e-Cert development,CN=NZ",
                                "cn=NZ,O=e-Cert development", "CN=NZ, O=e-Cert development"})
        EXPECT_FALSE(issued("ca", subject).matches(peer, now())) << subject;
}

TEST_F(certificate_test, a_server_certificate_is_no_client) {
    EXPECT_FALSE(
        issued("ca", "CN=host,O=e-Cert development").matches(pki().certificate("host"), now()));
}

TEST_F(certificate_test, an_issued_certificate_must_be_in_its_time) {
    const auto rule = issued("ca", "CN=old,O=e-Cert development");
    const auto refused = rule.matches(pki().certificate("old"), now());
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().text, HasSubstr("expired on"));
    EXPECT_TRUE(rule.matches(pki().certificate("old"), now() - std::chrono::days{10}));
}

TEST_F(certificate_test, an_intermediate_ca_vouches_when_it_is_the_one_named) {
    EXPECT_TRUE(
        issued("middle", "CN=deep,O=e-Cert development").matches(pki().certificate("deep"), now()));
    EXPECT_FALSE(
        issued("ca", "CN=deep,O=e-Cert development").matches(pki().certificate("deep"), now()));
}

TEST_F(certificate_test, a_rule_is_a_pin_or_a_ca_with_subject) {
    EXPECT_FALSE(identity_rule::load({}));
    EXPECT_FALSE(identity_rule::load({.ca = pki().pem("ca")}));
    EXPECT_FALSE(identity_rule::load({.subject = "CN=NZ"}));
    EXPECT_FALSE(
        identity_rule::load({.pin = pki().pem("NZ"), .ca = pki().pem("ca"), .subject = "CN=NZ"}));
    EXPECT_FALSE(identity_rule::load({.pin = pki() / "none.pem"}));
}

}  // namespace
}  // namespace ecert::crypto
