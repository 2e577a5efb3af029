// Owners for C handles. Every C object in the project is held by a handle; nothing else calls a
// *_free.
#pragma once

#include <memory>

namespace ecert::crypto {

template <auto Free>
struct freed_by {
    void operator()(auto* p) const noexcept { Free(p); }
};

template <class T, auto Free>
using handle = std::unique_ptr<T, freed_by<Free>>;

}  // namespace ecert::crypto
