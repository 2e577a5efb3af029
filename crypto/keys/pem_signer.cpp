#include "crypto/keys/signer.hpp"
#include "crypto/keys/signing_key.hpp"

namespace ecert::crypto {
namespace {

using keys_by_id = std::map<std::string, std::shared_ptr<const signing_key>, std::less<>>;

class pem_signer final : public signer {
  public:
    pem_signer(keys_by_id keys, pool& on, const clock& by)
        : keys_{std::move(keys)}, pool_{on}, clock_{by} {}

    awaitable<result<std::string>> sign(std::string key_id, std::string bytes) override {
        const auto found = keys_.find(key_id);
        if (found == keys_.end())
            co_return failure{failure_kind::not_found,
                              "there is no signing key '" + key_id + "' in keys.toml"};
        const auto key = found->second;
        const auto ends = key->certificate.not_after();
        if (clock_.now() > ends)
            co_return failure{failure_kind::untrusted,
                              "the certificate of signing key '" + key_id + "' expired on " +
                                  rfc3339(ends) + ": renew it and give it to your partners"};
        auto work = [&key, &bytes] { return key->ready.sign(sha256_of(bytes)); };
        auto made = co_await on_pool(pool_, std::move(work));
        if (!made)
            co_return failure{made.error().kind,
                              "signing key '" + key_id + "' cannot sign: " + made.error().text};
        co_return made;
    }

    std::string certificate(std::string_view key_id) const override {
        const auto found = keys_.find(key_id);
        return found == keys_.end() ? std::string{} : found->second->certificate.der();
    }

  private:
    const keys_by_id keys_;
    pool& pool_;
    const clock& clock_;
};

}  // namespace

loaded_signer make_pem_signer(const std::map<std::string, key_settings>& keys, pool& on,
                              const clock& by, const signer* before) {
    loaded_signer made;
    keys_by_id usable;
    for (const auto& [id, from] : keys) {
        const auto held = before ? before->certificate(id) : std::string{};
        if (auto key = load_signing_key(id, from, held, by.now(), made.found))
            usable.emplace(id, std::move(key));
    }
    made.value = std::make_shared<pem_signer>(std::move(usable), on, by);
    return made;
}

}  // namespace ecert::crypto
