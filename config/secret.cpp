#include "config/secret.hpp"

#include <string.h>

namespace ecert {

// The whole capacity: a value that was moved out of a short string is still in its buffer.
secret::~secret() {
    value_.resize(value_.capacity());
    explicit_bzero(value_.data(), value_.size());
}

}  // namespace ecert
