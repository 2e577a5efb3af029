// The third country's authority: answers each certificate by calling its sender back, until the
// sender has taken the answer. What was answered is kept beside the log, so that a restart goes on.
//
// Thread rule: the loop's executor.
#pragma once

#include "adapters/engine/channels.hpp"
#include "tests/support/sink/append_log.hpp"
#include "tests/support/sink/book.hpp"

#include <memory>
#include <optional>
#include <set>

namespace ecert::sink {

enum class authority { silent, accepts, rejects };
std::optional<authority> authority_named(std::string_view name);  // none accept reject

class answers {
  public:
    answers(boost::asio::any_io_executor on, engine::tools with, engine::snapshot_ptr profiles,
            authority who, const std::filesystem::path& kept);
    void owe(noted to);  // nothing if answered already
    std::size_t given() const { return given_.size(); }

  private:
    awaitable<void> answer(noted to);
    awaitable<bool> call_back(const noted& to, const partner_settings& sender,
                              engine::channel_ptr over, std::uint32_t attempt);

    boost::asio::any_io_executor on_;
    engine::tools with_;
    engine::snapshot_ptr profiles_;
    authority who_;
    append_log kept_;
    std::set<std::string> given_, owed_;  // message ids
};

}  // namespace ecert::sink
