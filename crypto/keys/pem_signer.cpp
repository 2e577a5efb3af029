#include "crypto/digest.hpp"
#include "crypto/handle.hpp"
#include "crypto/keys/signer.hpp"
#include "crypto/trust/certificate.hpp"
#include "crypto/trust/x509.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <optional>
#include <system_error>

namespace ecert::crypto {
namespace {

using bio = handle<BIO, BIO_free>;
using private_key = handle<EVP_PKEY, EVP_PKEY_free>;
using digest_context = handle<EVP_MD_CTX, EVP_MD_CTX_free>;

constexpr auto renewal_notice = std::chrono::days{30};

struct signing_key {
    private_key key;
    std::optional<crypto::certificate> certificate;
};

result<std::string> sign_with(EVP_PKEY* key, std::string_view bytes) {
    const digest_context context{EVP_MD_CTX_new()};
    if (!context) throw std::bad_alloc{};
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
    auto size = signature.size();
    if (EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key, nullptr) !=
            1 ||
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) != 1)
        return failure{failure_kind::internal, openssl_errors()};
    signature.resize(size);
    return signature;
}

class pem_signer final : public signer {
  public:
    pem_signer(std::map<std::string, signing_key, std::less<>> keys, pool& on, const clock& by)
        : keys_{std::move(keys)}, pool_{on}, clock_{by} {}

    awaitable<result<std::string>> sign(std::string key_id, std::string bytes) override {
        const auto found = keys_.find(key_id);
        if (found == keys_.end())
            co_return failure{failure_kind::not_found,
                              "there is no signing key '" + key_id + "' in keys.toml"};
        const auto& key = found->second;
        if (clock_.now() > key.certificate->not_after())
            co_return failure{failure_kind::untrusted,
                              "the certificate of signing key '" + key_id + "' expired on " +
                                  rfc3339(key.certificate->not_after()) +
                                  ": renew it and give it to your partners"};
        auto work = [&key, &bytes] { return sign_with(key.key.get(), bytes); };
        auto made = co_await on_pool(pool_, std::move(work));
        if (!made)
            co_return failure{made.error().kind,
                              "signing key '" + key_id + "' cannot sign: " + made.error().text};
        co_return made;
    }

    std::string certificate(std::string_view key_id) const override {
        const auto found = keys_.find(key_id);
        return found == keys_.end() ? std::string{} : found->second.certificate->der();
    }

  private:
    const std::map<std::string, signing_key, std::less<>> keys_;
    pool& pool_;
    const clock& clock_;
};

// Loads one key; every problem of it goes to `found`. Nothing when it cannot be used.
class key_loader {
  public:
    key_loader(const std::string& id, const key_settings& from, time_point now, problems& found)
        : id_{id}, from_{from}, now_{now}, found_{found} {}

    std::optional<signing_key> load() {
        signing_key made{read_key(), read_certificate()};
        if (made.key) check_strength(made.key.get());
        if (made.certificate) check_time(*made.certificate);
        if (made.key && made.certificate &&
            X509_check_private_key(made.certificate->raw(), made.key.get()) != 1) {
            openssl_errors();
            say("KEY-MISMATCH", from_.certificate.string(), from_.key.string());
        }
        if (refused_) return std::nullopt;
        return made;
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

    void check_time(const crypto::certificate& of) {
        if (now_ < of.not_before())
            say("KEY-EXPIRED", rfc3339(of.not_before()), rfc3339(now_), severity::warning);
        else if (now_ > of.not_after())
            say("KEY-EXPIRED", rfc3339(of.not_after()), rfc3339(now_), severity::warning);
        else if (now_ + renewal_notice > of.not_after())
            say("KEY-EXPIRES-SOON", rfc3339(of.not_after()), rfc3339(now_), severity::warning);
    }

    void say(const char* problem_id, std::string value, std::string expected,
             severity level = severity::error) {
        found_.push_back({problem_id, level, "keys.toml [" + id_ + "]", value.substr(0, 200),
                          std::move(expected)});
        if (level == severity::error) refused_ = true;
    }

    const std::string& id_;
    const key_settings& from_;
    time_point now_;
    problems& found_;
    bool refused_ = false;
};

}  // namespace

loaded_signer make_pem_signer(const std::map<std::string, key_settings>& keys, pool& on,
                              const clock& by) {
    loaded_signer made;
    std::map<std::string, signing_key, std::less<>> usable;
    for (const auto& [id, from] : keys)
        if (auto key = key_loader{id, from, by.now(), made.found}.load())
            usable.emplace(id, *std::move(key));
    made.value = std::make_shared<pem_signer>(std::move(usable), on, by);
    return made;
}

}  // namespace ecert::crypto
