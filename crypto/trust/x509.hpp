// What keys, tls and trust share of OpenSSL's X.509. For crypto/ alone.
#pragma once

#include <string>

struct x509_st;

namespace ecert::crypto {

// Shorter RSA keys neither sign nor verify here.
constexpr int least_rsa_bits = 2048;

std::string der_of(const x509_st* certificate);

// A PEM callback that refuses: OpenSSL would ask for an encrypted key's pass phrase on the
// terminal.
int no_pass_phrase(char*, int, int, void*);

}  // namespace ecert::crypto
