#include "crypto/tls/session_store.hpp"

namespace ecert::crypto {

void session_store::keep(tls_session one) {
    const std::lock_guard held{lock_};
    newest_last_.push_back(std::move(one));
    if (newest_last_.size() > most) newest_last_.pop_front();
}

tls_session session_store::take() {
    const std::lock_guard held{lock_};
    if (newest_last_.empty()) return nullptr;
    auto& newest = newest_last_.back();
    if (SSL_SESSION_get_protocol_version(newest.get()) < TLS1_3_VERSION) {
        SSL_SESSION_up_ref(newest.get());
        return tls_session{newest.get()};
    }
    auto once = std::move(newest);
    newest_last_.pop_back();
    return once;
}

}  // namespace ecert::crypto
