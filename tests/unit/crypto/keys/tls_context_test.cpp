#include "crypto/tls/context.hpp"
#include "tests/unit/crypto/keys/development_pki.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace ecert::crypto {
namespace {

using ::testing::HasSubstr;
using tls = handle<SSL, SSL_free>;

// A client and a server over memory, driven in turns until both are done or one refuses.
class conversation {
  public:
    conversation(SSL_CTX* client, SSL_CTX* server, const std::string& host)
        : client_{SSL_new(client)}, server_{SSL_new(server)} {
        BIO *near = nullptr, *far = nullptr;
        BIO_new_bio_pair(&near, 0, &far, 0);
        SSL_set_bio(client_.get(), near, near);
        SSL_set_bio(server_.get(), far, far);
        SSL_set_connect_state(client_.get());
        SSL_set_accept_state(server_.get());
        prepared_ = prepare_client(client_.get(), host).has_value();
    }

    bool shake_hands() {
        ERR_clear_error();
        if (!prepared_) return false;
        bool mine = true, theirs = true;
        for (int turn = 0; turn < 20 && (mine || theirs); ++turn) {
            mine = step(client_.get());
            theirs = step(server_.get());
            if (failed_) return false;
        }
        char byte = 0;  // tickets, and a late refusal of the client's certificate, arrive with the
                        // first read
        SSL_write(server_.get(), "x", 1);
        const bool alive = SSL_read(client_.get(), &byte, 1) == 1;
        ERR_clear_error();
        return alive;
    }

    SSL* client() const { return client_.get(); }
    SSL* server() const { return server_.get(); }

  private:
    bool step(SSL* side) {  // true: not done
        const auto done = SSL_do_handshake(side);
        if (done == 1) return false;
        const auto why = SSL_get_error(side, done);
        failed_ = failed_ || (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE);
        ERR_clear_error();
        return true;
    }

    tls client_, server_;
    bool prepared_ = false, failed_ = false;
};

class tls_context_test : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        pki_ = new testing::development_pki;
        for (const auto* what :
             {"ca ca", "ca other", "ca middle ca", "client NZ ca", "client stranger other",
              "client old ca --expired", "server host ca localhost 127.0.0.1",
              "server host2 ca localhost", "server deep middle deep.example",
              "server late ca localhost --expired"})
            pki_->make(what);
    }
    static void TearDownTestSuite() {
        delete pki_;
        pki_ = nullptr;
    }
    const testing::development_pki& pki() const { return *pki_; }

    tls_context server(const std::string& name = "host") const {
        return make_server_context({.certificate = pki().pem(name),
                                    .key = pki().key(name),
                                    .client_ca = pki().pem("ca")})
            .value();
    }
    channel_settings channel(const std::string& client = "NZ") const {
        channel_settings made;
        made.name = "test";
        made.tls_ca = pki().pem("ca");
        if (!client.empty()) {
            made.tls_certificate = pki().pem(client);
            made.tls_key = pki().key(client);
        }
        return made;
    }
    tls_context client(const std::string& name = "NZ") const {
        return make_client_context(channel(name)).value();
    }
    tls_context pinning(const std::string& name, const clock& by = machine_clock()) const {
        auto made = channel();
        made.tls_ca.clear();
        made.tls_pin = pki().pem(name);
        return make_client_context(made, by).value();
    }

  private:
    static testing::development_pki* pki_;
};
testing::development_pki* tls_context_test::pki_ = nullptr;

TEST_F(tls_context_test, both_sides_show_who_they_are) {
    const auto near = client(), far = server();
    conversation talk{near.get(), far.get(), "localhost"};
    ASSERT_TRUE(talk.shake_hands());
    EXPECT_EQ(SSL_version(talk.client()), TLS1_3_VERSION);
    EXPECT_EQ(peer_certificate(talk.server())->der(), pki().certificate("NZ").der());
    EXPECT_EQ(peer_certificate(talk.client())->der(), pki().certificate("host").der());
}

TEST_F(tls_context_test, a_client_without_a_certificate_is_refused) {
    const auto near = client(""), far = server();
    EXPECT_FALSE((conversation{near.get(), far.get(), "localhost"}.shake_hands()));
}

TEST_F(tls_context_test, a_client_of_another_ca_or_past_its_time_is_refused) {
    const auto far = server();
    for (const auto* who : {"stranger", "old"}) {
        const auto near = client(who);
        EXPECT_FALSE((conversation{near.get(), far.get(), "localhost"}.shake_hands())) << who;
    }
}

TEST_F(tls_context_test, the_server_must_carry_the_name_or_address_that_was_called) {
    const auto far = server();
    const auto called = [&](const std::string& host) {
        const auto near = client();
        return conversation{near.get(), far.get(), host}.shake_hands();
    };
    EXPECT_TRUE(called("localhost"));
    EXPECT_TRUE(called("127.0.0.1"));
    EXPECT_FALSE(called("127.0.0.2"));
    EXPECT_FALSE(called("example.org"));
    EXPECT_FALSE(called(""));
}

TEST_F(tls_context_test, a_refused_server_is_told_with_the_reason) {
    const auto near = client(), far = server("late");
    conversation talk{near.get(), far.get(), "localhost"};
    EXPECT_FALSE(talk.shake_hands());
    EXPECT_THAT(peer_refused_because(talk.client()), HasSubstr("expired"));
}

TEST_F(tls_context_test,
       a_pin_takes_one_certificate_whatever_host_it_names_and_no_other_of_its_ca) {
    const auto far = server(), other = server("host2");
    const auto near = pinning("host");
    EXPECT_TRUE((conversation{near.get(), far.get(), "hub.example"}.shake_hands()));
    const auto fresh = pinning("host");
    EXPECT_FALSE((conversation{fresh.get(), other.get(), "localhost"}.shake_hands()));
}

TEST_F(tls_context_test, a_pinned_server_must_be_in_its_time) {
    manual_clock later{pki().certificate("host").not_after() + duration{1}};
    const auto near = pinning("host", later);
    const auto far = server();
    conversation talk{near.get(), far.get(), "localhost"};
    EXPECT_FALSE(talk.shake_hands());
    EXPECT_THAT(peer_refused_because(talk.client()), HasSubstr("expired"));
}

TEST_F(tls_context_test, a_returning_client_resumes_and_is_still_known) {
    for (const auto version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const auto near = client(), far = server();
        SSL_CTX_set_max_proto_version(near.get(), version);
        conversation first{near.get(), far.get(), "localhost"};
        ASSERT_TRUE(first.shake_hands());
        EXPECT_FALSE(SSL_session_reused(first.client()));
        conversation second{near.get(), far.get(), "localhost"};
        ASSERT_TRUE(second.shake_hands());
        EXPECT_TRUE(SSL_session_reused(second.client())) << version;
        ASSERT_TRUE(peer_certificate(second.server()));
        EXPECT_EQ(peer_certificate(second.server())->der(), pki().certificate("NZ").der());
    }
}

TEST_F(tls_context_test, sessions_end_after_five_minutes) {
    EXPECT_EQ(SSL_CTX_get_timeout(server().get()), 300);
    EXPECT_EQ(SSL_CTX_get_timeout(client().get()), 300);
}

TEST_F(tls_context_test, old_protocols_and_renegotiation_are_refused) {
    const auto far = server();
    const auto old = client();
    SSL_CTX_set_min_proto_version(old.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(old.get(), TLS1_1_VERSION);
    SSL_CTX_set_cipher_list(old.get(), "ALL:@SECLEVEL=0");
    EXPECT_FALSE((conversation{old.get(), far.get(), "localhost"}.shake_hands()));
    EXPECT_TRUE(SSL_CTX_get_options(far.get()) & SSL_OP_NO_RENEGOTIATION);
}

TEST_F(tls_context_test, a_chain_is_presented_with_its_intermediate) {
    const auto near = client(), far = server("deep");
    EXPECT_TRUE((conversation{near.get(), far.get(), "deep.example"}.shake_hands()));
}

TEST_F(tls_context_test, asio_app_data_stays_free) {
    EXPECT_EQ(SSL_CTX_get_app_data(client().get()), nullptr);
    EXPECT_EQ(SSL_CTX_get_app_data(server().get()), nullptr);
}

TEST_F(tls_context_test, an_error_names_the_file_and_what_is_wrong_with_it) {
    auto missing = channel();
    missing.tls_certificate = pki() / "none.pem";
    const auto a = make_client_context(missing);
    ASSERT_FALSE(a);
    EXPECT_THAT(a.error().text, HasSubstr("none.pem"));
    auto foreign = channel();
    foreign.tls_key = pki().key("host");
    const auto b = make_client_context(foreign);
    ASSERT_FALSE(b);
    EXPECT_THAT(b.error().text, HasSubstr("host.key"));
    EXPECT_FALSE(make_client_context({.name = "neither"}));
    EXPECT_FALSE(make_server_context({.certificate = pki().pem("host"),
                                      .key = pki().key("host"),
                                      .client_ca = pki().key("host")}));
}

}  // namespace
}  // namespace ecert::crypto
