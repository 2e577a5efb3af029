#include "crypto/keys/signer.hpp"
#include "tests/unit/crypto/keys/development_pki.hpp"
#include "tests/unit/crypto/keys/run_awaitable.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace ecert::crypto {
namespace {

using ::testing::HasSubstr;
using testing::run_awaitable;

class pem_signer_test : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        pki_ = new testing::development_pki;
        pki_->make("ca signing-ca");
        pki_->make("signing CN signing-ca");
        pki_->make("signing NZ signing-ca");
    }
    static void TearDownTestSuite() {
        delete pki_;
        pki_ = nullptr;
    }
    const testing::development_pki& pki() const { return *pki_; }

    loaded_signer load(const std::string& key, const std::string& certificate) {
        return make_pem_signer({{"one", {"one", pki() / key, pki() / certificate}}}, pool_, clock_);
    }
    loaded_signer renew(const std::string& key, const std::string& certificate,
                        const signer& before) {
        return make_pem_signer({{"one", {"one", pki() / key, pki() / certificate}}}, pool_, clock_,
                               &before);
    }
    static std::vector<std::string> ids(const problems& of) {
        std::vector<std::string> all;
        for (const auto& one : of) all.push_back(one.id);
        return all;
    }

    pool pool_{1};
    manual_clock clock_{machine_clock().now()};

  private:
    static testing::development_pki* pki_;
};
testing::development_pki* pem_signer_test::pki_ = nullptr;

TEST_F(pem_signer_test, signs_as_openssl_does) {
    auto signer = load("CN.key", "CN.pem");
    EXPECT_TRUE(signer.found.empty());
    pki().write(pki() / "text", "a certificate to be signed");
    const auto made = run_awaitable(signer.value->sign("one", "a certificate to be signed"));
    ASSERT_TRUE(made);
    EXPECT_EQ(*made, pki().run("openssl dgst -sha256 -sign CN.key text"));
}

TEST_F(pem_signer_test, what_a_key_signs_its_certificate_verifies_and_no_other) {
    auto signer = load("CN.key", "CN.pem");
    const auto made = run_awaitable(signer.value->sign("one", "bytes"));
    ASSERT_TRUE(made);
    const auto ours = certificate::from_der(signer.value->certificate("one")).value();
    EXPECT_TRUE(ours.verifies("bytes", *made));
    EXPECT_FALSE(ours.verifies("bytez", *made));
    EXPECT_FALSE(ours.verifies("bytes", *made + "x"));
    EXPECT_FALSE(ours.verifies("bytes", ""));
    EXPECT_FALSE(pki().certificate("NZ").verifies("bytes", *made));
}

TEST_F(pem_signer_test, an_unknown_key_id_is_a_failure_that_names_it) {
    auto signer = load("CN.key", "CN.pem");
    const auto made = run_awaitable(signer.value->sign("two", "bytes"));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().kind, failure_kind::not_found);
    EXPECT_THAT(made.error().text, HasSubstr("'two'"));
    EXPECT_TRUE(signer.value->certificate("two").empty());
}

TEST_F(pem_signer_test, a_key_of_another_certificate_is_refused) {
    auto signer = load("CN.key", "NZ.pem");
    EXPECT_EQ(ids(signer.found), std::vector<std::string>{"KEY-MISMATCH"});
    EXPECT_TRUE(signer.value->certificate("one").empty());
}

TEST_F(pem_signer_test, everything_wrong_with_every_key_is_said_at_once) {
    pki().run(
        "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out short.key && "
        "openssl req -x509 -new -key short.key -subj /CN=short -days 9 -out short.pem && chmod 644 "
        "short.key");
    clock_.advance(1min);  // past the second in which the certificate was made
    auto signer = make_pem_signer({{"a", {"a", pki() / "none.key", pki() / "none.pem"}},
                                   {"b", {"b", pki() / "short.key", pki() / "short.pem"}},
                                   {"c", {"c", pki() / "CN.key", pki() / "CN.pem"}}},
                                  pool_, clock_);
    EXPECT_EQ(ids(signer.found),
              (std::vector<std::string>{"KEY-UNREADABLE", "KEY-UNREADABLE",
                                        "KEY-READABLE-BY-OTHERS", "KEY-WEAK", "KEY-EXPIRES-SOON"}));
    EXPECT_EQ(signer.found.front().where, "keys.toml [a]");
    EXPECT_FALSE(signer.value->certificate("c").empty());
}

TEST_F(pem_signer_test, a_key_that_is_not_rsa_is_refused) {
    pki().run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj "
        "/CN=ec "
        "-keyout ec.key -out ec.pem");
    EXPECT_EQ(ids(load("ec.key", "ec.pem").found), std::vector<std::string>{"KEY-WEAK"});
}

TEST_F(pem_signer_test, an_encrypted_key_is_refused_and_nobody_is_asked_for_its_pass_phrase) {
    pki().run("openssl pkcs8 -topk8 -in CN.key -passout pass:secret -out locked.key");
    EXPECT_EQ(ids(load("locked.key", "CN.pem").found), std::vector<std::string>{"KEY-UNREADABLE"});
}

TEST_F(pem_signer_test, a_key_near_its_end_warns_and_after_it_does_not_sign) {
    auto signer = load("CN.key", "CN.pem");
    const auto ends = pki().certificate("CN").not_after();
    clock_.jump_wall(ends - clock_.now() - std::chrono::days{3});
    auto soon = load("CN.key", "CN.pem");
    EXPECT_EQ(ids(soon.found), std::vector<std::string>{"KEY-EXPIRES-SOON"});
    EXPECT_FALSE(has_errors(soon.found));
    EXPECT_TRUE(run_awaitable(signer.value->sign("one", "bytes")));
    clock_.jump_wall(std::chrono::days{4});
    const auto late = run_awaitable(signer.value->sign("one", "bytes"));
    ASSERT_FALSE(late);
    EXPECT_THAT(late.error().text, HasSubstr("expired on"));
}

TEST_F(pem_signer_test, a_renewed_file_makes_a_new_signer_and_the_old_one_signs_on) {
    pki().make("signing renewed signing-ca");
    pki().run("cp CN.key turn.key && cp CN.pem turn.pem");
    const auto old = load("turn.key", "turn.pem");
    pki().run("cp renewed.key turn.key && cp renewed.pem turn.pem");
    const auto now = renew("turn.key", "turn.pem", *old.value);
    EXPECT_TRUE(now.found.empty());
    EXPECT_EQ(now.value->certificate("one"), pki().certificate("renewed").der());
    EXPECT_EQ(old.value->certificate("one"), pki().certificate("CN").der());
    const auto by_new = run_awaitable(now.value->sign("one", "bytes"));
    const auto by_old = run_awaitable(old.value->sign("one", "bytes"));
    EXPECT_TRUE(pki().certificate("renewed").verifies("bytes", by_new.value()));
    EXPECT_TRUE(pki().certificate("CN").verifies("bytes", by_old.value()));
}

TEST_F(pem_signer_test, one_that_has_ended_does_not_take_the_place_of_one_that_signs) {
    pki().make("signing ended signing-ca --expired");
    const auto old = load("CN.key", "CN.pem");
    const auto now = renew("ended.key", "ended.pem", *old.value);
    EXPECT_EQ(ids(now.found), std::vector<std::string>{"KEY-EXPIRED"});
    EXPECT_TRUE(has_errors(now.found));
}

TEST_F(pem_signer_test, one_that_ended_in_its_place_stops_no_reload) {
    pki().make("signing ended signing-ca --expired");
    const auto first = load("ended.key", "ended.pem");
    EXPECT_FALSE(has_errors(first.found));
    EXPECT_FALSE(has_errors(renew("ended.key", "ended.pem", *first.value).found));
}

TEST_F(pem_signer_test, many_threads_sign_at_once) {
    pool wide{4};
    const auto signer =
        make_pem_signer({{"one", {"one", pki() / "CN.key", pki() / "CN.pem"}}}, wide, clock_);
    const auto ours = pki().certificate("CN");
    std::vector<std::jthread> callers;
    for (int c = 0; c < 4; ++c)
        callers.emplace_back([&, c] {
            for (int i = 0; i < 50; ++i) {
                const auto text = std::to_string(c * 1000 + i);
                const auto made = run_awaitable(signer.value->sign("one", text));
                EXPECT_TRUE(made && ours.verifies(text, *made));
                EXPECT_FALSE(ours.verifies(text + "x", *made));
            }
        });
}

}  // namespace
}  // namespace ecert::crypto
