// Grants as tokens: sealed by the hub (AES-256-GCM, crypto/seal), carried in a task, brought back
// in the field Ecert-Task-Token. To everybody else they are noise.
//
// The key is this hub's own, in a file of the data folder that it makes when there is none (mode
// 0600), so that tokens outlive a restart. A lost file costs no more than the attempts that are
// out: their tasks come back, and go out with new tokens.
// Thread rule: const members from any thread.
#pragma once

#include "crypto/seal/keys.hpp"
#include "hub/workers/content_grant.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace ecert::hub {

constexpr const char* token_field = "Ecert-Task-Token";

class task_tokens {
  public:
    // Blocks on the disk: at the start. The folder is this process's alone.
    static result<task_tokens> kept_in(const std::filesystem::path& folder);
    explicit task_tokens(crypto::seal_keys by) : by_{std::move(by)} {}

    std::string make(const content_grant& g) const;
    // untrusted: not made here, or changed.
    result<content_grant> read(std::string_view token) const;

  private:
    crypto::seal_keys by_;
};

}  // namespace ecert::hub
