// AES-256-GCM over form 1.
#include "crypto/digest.hpp"
#include "crypto/handle.hpp"
#include "crypto/seal/derive.hpp"

#include <openssl/evp.h>

#include <limits>
#include <stdexcept>

namespace ecert::crypto {
namespace {

using cipher_context = handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

constexpr std::string_view mark{"ECS\x01", 4};
constexpr std::size_t longest = std::numeric_limits<int>::max() / 2;

// Never freed: see fetched_sha256 in crypto/digest.cpp.
const EVP_CIPHER* fetched_gcm() {
    static EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    if (!algorithm) throw std::runtime_error("OpenSSL has no AES-256-GCM: " + openssl_errors());
    return algorithm;
}

const unsigned char* in(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* out(std::string& text, std::size_t at = 0) {
    return reinterpret_cast<unsigned char*>(text.data()) + at;
}

// Everything is authenticated in the order in which it stands: form, key id, associated data.
cipher_context begun(const secret& key, std::string_view nonce, std::string_view head,
                     std::string_view associated, bool sealing) {
    cipher_context with{EVP_CIPHER_CTX_new()};
    if (!with) throw std::bad_alloc{};
    int size = 0;
    const bool well =
        EVP_CipherInit_ex2(with.get(), fetched_gcm(), in(key.reveal()), in(nonce), sealing,
                           nullptr) == 1 &&
        EVP_CipherUpdate(with.get(), nullptr, &size, in(head), static_cast<int>(head.size())) ==
            1 &&
        (associated.empty() || EVP_CipherUpdate(with.get(), nullptr, &size, in(associated),
                                                static_cast<int>(associated.size())) == 1);
    if (!well) throw std::runtime_error("AES-256-GCM: " + openssl_errors());
    return with;
}

struct parts {
    std::string_view head, key_id, nonce, text, tag;
};

result<parts> taken_apart(std::string_view all) {
    const failure strange{failure_kind::invalid, "this is no sealed message of a form known here"};
    if (!all.starts_with(mark) || all.size() <= mark.size() || all.size() > longest) return strange;
    const auto id_size = static_cast<unsigned char>(all[mark.size()]);
    const auto head_size = mark.size() + 1 + id_size;
    if (id_size == 0 || all.size() < head_size + nonce_bytes + tag_bytes) return strange;
    const auto rest = all.substr(head_size);
    return parts{all.substr(0, head_size), all.substr(mark.size() + 1, id_size),
                 rest.substr(0, nonce_bytes),
                 rest.substr(nonce_bytes, rest.size() - nonce_bytes - tag_bytes),
                 rest.substr(rest.size() - tag_bytes)};
}

}  // namespace

std::string sealed(const secret& key, std::string_view key_id, std::string_view associated,
                   std::string_view plain, std::string_view nonce) {
    if (plain.size() > longest || associated.size() > longest)
        throw std::length_error("too long to be sealed");
    std::string all{mark};
    all += static_cast<char>(key_id.size());
    all += key_id;
    const auto with = begun(key, nonce, all, associated, true);
    all += nonce;
    const auto at = all.size();
    all.resize(at + plain.size() + tag_bytes);
    int size = 0, last = 0;
    const bool well = EVP_CipherUpdate(with.get(), out(all, at), &size, in(plain),
                                       static_cast<int>(plain.size())) == 1 &&
                      EVP_CipherFinal_ex(with.get(), out(all, at + plain.size()), &last) == 1 &&
                      EVP_CIPHER_CTX_ctrl(with.get(), EVP_CTRL_AEAD_GET_TAG, tag_bytes,
                                          out(all, at + plain.size())) == 1;
    if (!well) throw std::runtime_error("AES-256-GCM: " + openssl_errors());
    return all;
}

result<std::string> key_id_of(std::string_view from) {
    const auto known = taken_apart(from);
    if (!known) return known.error();
    return std::string{known->key_id};
}

result<std::string> opened(const secret& key, std::string_view associated, std::string_view from) {
    const auto known = taken_apart(from);
    if (!known) return known.error();
    const auto with = begun(key, known->nonce, known->head, associated, false);
    std::string plain(known->text.size() + tag_bytes, '\0');
    int size = 0, last = 0;
    const bool well =
        EVP_CipherUpdate(with.get(), out(plain), &size, in(known->text),
                         static_cast<int>(known->text.size())) == 1 &&
        EVP_CIPHER_CTX_ctrl(with.get(), EVP_CTRL_AEAD_SET_TAG, tag_bytes,
                            const_cast<char*>(known->tag.data())) == 1 &&
        EVP_CipherFinal_ex(with.get(), out(plain, static_cast<std::size_t>(size)), &last) == 1;
    if (!well) {
        openssl_errors();  // emptied: they say nothing
        return failure{failure_kind::untrusted,
                       "a sealed message does not open: it was changed, or sealed for another "
                       "partner, place or time"};
    }
    plain.resize(known->text.size());
    return plain;
}

}  // namespace ecert::crypto
