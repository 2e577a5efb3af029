// What the sink has received: each certificate's bytes in a file, then one line of JSON in the log,
// both on disk before anybody is answered. The log is read again at the start: a repeat gets the
// receipt that was given first, whatever was killed in between.
//
// Thread rule: the loop's executor; the disk is touched on the pool.
#pragma once

#include "config/pool.hpp"
#include "crypto/source.hpp"
#include "queue/envelope.hpp"
#include "tests/support/sink/append_log.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ecert::sink {

struct arrival {
    std::string message_id;
    queue::envelope envelope;
    crypto::source_ptr content;
    std::string receipt;
    std::string at;
};

struct recorded {
    std::string receipt;  // the first one ever given
    bool repeat = false;
    bool other_content = false;  // the id is known with other bytes: nothing was stored
};

// A line of the log that may still be owed an answer.
struct noted {
    std::string message_id;
    queue::envelope envelope;
};

class book {
  public:
    // An empty `store` keeps the log alone, which names digests: for load, where bytes are not
    // looked at.
    book(boost::asio::any_io_executor on, pool& work, const std::filesystem::path& log,
         std::filesystem::path store);
    // Failures of the disk are thrown; nothing is answered then.
    awaitable<recorded> record(arrival what);
    const std::vector<noted>& earlier() const { return earlier_; }  // from before this start

  private:
    struct batch;
    struct entry {
        crypto::sha256 digest;
        std::string receipt;
    };
    using key = std::pair<std::string, std::string>;  // sender, message id

    void read_log();
    awaitable<void> write_batches();
    void write(const batch& all);

    boost::asio::any_io_executor on_;
    pool& work_;
    append_log log_;
    std::filesystem::path store_;
    std::map<key, entry> known_;
    std::map<key, std::shared_ptr<batch>> under_way_;
    std::shared_ptr<batch> next_;  // what waits while a batch is being written
    bool writing_ = false;
    std::vector<noted> earlier_;
};

}  // namespace ecert::sink
