#include "crypto/keys/signing_key.hpp"
#include "crypto/trust/x509.hpp"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <optional>
#include <system_error>

namespace ecert::crypto {
namespace {

using bio = handle<BIO, BIO_free>;
using private_key = handle<EVP_PKEY, EVP_PKEY_free>;

constexpr auto renewal_notice = std::chrono::days{30};

class key_loader {
  public:
    key_loader(const std::string& id, const key_settings& from, const std::string& before,
               time_point now, problems& found)
        : id_{id}, from_{from}, before_{before}, now_{now}, found_{found} {}

    std::shared_ptr<const signing_key> load() {
        const auto key = read_key();
        const auto of = read_certificate();
        if (key) check_strength(key.get());
        if (of) check_time(*of);
        if (key && of && X509_check_private_key(of->raw(), key.get()) != 1) {
            openssl_errors();
            say("KEY-MISMATCH", from_.certificate.string(), from_.key.string());
        }
        if (refused_ || !of) return nullptr;
        return std::make_shared<const signing_key>(key.get(), *of);
    }

  private:
    private_key read_key() {
        std::error_code failed;
        const auto mode = std::filesystem::status(from_.key, failed).permissions();
        using std::filesystem::perms;
        if (!failed && (mode & (perms::others_all)) != perms::none)
            say("KEY-READABLE-BY-OTHERS", from_.key.string(), "mode 600 or 640", severity::warning);
        const bio in{BIO_new_file(from_.key.c_str(), "r")};
        private_key key;
        if (in) key.reset(PEM_read_bio_PrivateKey(in.get(), nullptr, no_pass_phrase, nullptr));
        if (!key)
            say("KEY-UNREADABLE", from_.key.string() + ": " + openssl_errors(),
                "a PEM private key");
        return key;
    }

    std::optional<crypto::certificate> read_certificate() {
        auto all = crypto::certificate::from_pem_file(from_.certificate);
        if (all) return all->front();
        say("KEY-UNREADABLE", all.error().text, "a PEM certificate");
        return std::nullopt;
    }

    void check_strength(const EVP_PKEY* key) {
        const auto bits = EVP_PKEY_get_bits(key);
        if (!EVP_PKEY_is_a(key, "RSA") || bits < least_rsa_bits)
            say("KEY-WEAK", std::string{EVP_PKEY_get0_type_name(key)} + " " + std::to_string(bits),
                "RSA, 2048 bit or more");
    }

    // One that has ended may not keep the node from starting or reloading; but it does not take the
    // place of one that signs.
    void check_time(const crypto::certificate& of) {
        const auto outside =
            takes_the_place_of_a_good_one(of) ? severity::error : severity::warning;
        if (now_ < of.not_before())
            say("KEY-EXPIRED", rfc3339(of.not_before()), rfc3339(now_), outside);
        else if (now_ > of.not_after())
            say("KEY-EXPIRED", rfc3339(of.not_after()), rfc3339(now_), outside);
        else if (now_ + renewal_notice > of.not_after())
            say("KEY-EXPIRES-SOON", rfc3339(of.not_after()), rfc3339(now_), severity::warning);
    }

    bool takes_the_place_of_a_good_one(const crypto::certificate& of) const {
        if (before_.empty() || before_ == of.der()) return false;
        const auto held = crypto::certificate::from_der(before_);
        return held && held->valid_at(now_);
    }

    void say(const char* problem_id, std::string value, std::string expected,
             severity level = severity::error) {
        found_.push_back({problem_id, level, "keys.toml [" + id_ + "]", value.substr(0, 200),
                          std::move(expected)});
        if (level == severity::error) refused_ = true;
    }

    const std::string& id_;
    const key_settings& from_;
    const std::string& before_;
    time_point now_;
    problems& found_;
    bool refused_ = false;
};

}  // namespace

std::shared_ptr<const signing_key> load_signing_key(const std::string& id, const key_settings& from,
                                                    const std::string& before, time_point now,
                                                    problems& found) {
    return key_loader{id, from, before, now, found}.load();
}

}  // namespace ecert::crypto
