#include "crypto/trust/x509.hpp"

#include "crypto/digest.hpp"

#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

namespace ecert::crypto {
namespace {

struct freed_by_openssl {
    void operator()(unsigned char* p) const noexcept { OPENSSL_free(p); }
};

}  // namespace

std::string der_of(const x509_st* certificate) {
    unsigned char* bytes = nullptr;
    const auto size = i2d_X509(certificate, &bytes);
    const std::unique_ptr<unsigned char, freed_by_openssl> owned{bytes};
    if (size <= 0)
        throw std::runtime_error("certificate: cannot be written as DER: " + openssl_errors());
    return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

int no_pass_phrase(char*, int, int, void*) { return -1; }

}  // namespace ecert::crypto
