// Task and outcome as they travel over a broker: version 1 of the codec (codec.hpp) inside a seal.
//
// The message is one line of JSON that says what it is (kind, partner, ids, attempt), and the seal
// of crypto/seal, whose associated data is that very line. So a message opens only as what it was
// made: not as another attempt, another partner's, or an outcome for a task. What is inside must
// say the same ids again.
// Without keys (the queue in this process) it is the plain codec.
// Thread rule: const members from any thread.
#pragma once

#include "config/published.hpp"
#include "config/result.hpp"
#include "crypto/seal/keys.hpp"
#include "queue/outcome.hpp"
#include "queue/task.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ecert::queue {

// What a sealed message says of itself, not believed before it has opened.
struct sealed_head {
    std::string kind;  // task | outcome
    std::string partner;
    uuid id{};
    std::int64_t work = 0;
    std::uint32_t attempt = 0;
    std::string what;  // a task's verb, an outcome's class
};
std::optional<sealed_head> head_of(std::string_view message);

class message_codec {
  public:
    message_codec() = default;
    explicit message_codec(std::shared_ptr<const crypto::seal_keys> keys)
        : keys_{std::make_shared<published<crypto::seal_keys>>()} {
        keys_->swap(std::move(keys));
    }
    // From now on for all copies of a codec that was made with keys.
    void renew(std::shared_ptr<const crypto::seal_keys> keys) const {
        keys_->swap(std::move(keys));
    }

    // failure_kind::not_found: the partner's key is not held here.
    result<std::string> encode(const task& t) const;
    result<std::string> encode(const outcome& o) const;
    // As codec.hpp, and untrusted or not_found where it does not open. `partner`: whose queue it
    // came from; a task of another partner is untrusted.
    result<task> decode_task(std::string_view message, std::string_view partner) const;
    result<outcome> decode_outcome(std::string_view message) const;

  private:
    std::shared_ptr<published<crypto::seal_keys>> keys_;
};

}  // namespace ecert::queue
