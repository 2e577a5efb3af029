// What has come of some content so far, from one answer of the hub to the next. Pure.
#pragma once

#include "adapters/http/client.hpp"
#include "queue/content.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ecert::worker {

class fetched {
  public:
    explicit fetched(const queue::content_ref& what) : what_{what} {}

    void add(const http::reply_received& said);
    bool all() const { return size_ == what_.size; }
    std::uint64_t size() const { return size_; }
    bool hopeless() const { return hopeless_; }        // the hub will not give it, or never does
    unsigned fruitless() const { return fruitless_; }  // answers in a row that brought nothing
    const std::string& why() const { return why_; }
    std::vector<crypto::piece> pieces() const;
    std::string range() const;  // to ask for the rest; empty: all of it

  private:
    bool goes_on(const http::reply_received& said) const;

    const queue::content_ref& what_;
    std::vector<crypto::source_ptr> parts_;
    std::uint64_t size_ = 0;
    unsigned fruitless_ = 0;
    bool hopeless_ = false;
    std::string why_;
};

}  // namespace ecert::worker
