#include "adapters/worker_host/fetched.hpp"

#include "adapters/worker_host/hub_door.hpp"

#include <fmt/format.h>

namespace ecert::worker {
namespace {

constexpr unsigned most_fruitless = 3;

// Later, by itself: the hub is busy, or stopping.
bool may_change(int status) { return status >= 500 || status == 408 || status == 429; }

}  // namespace

bool fetched::goes_on(const http::reply_received& said) const {
    const auto range = said.fields.get("Content-Range");
    return said.status == 206 && range.starts_with(fmt::format("bytes {}-", size_)) &&
           range.ends_with(fmt::format("/{}", what_.size));
}

void fetched::add(const http::reply_received& said) {
    const bool whole = said.status == 200;
    const auto came = said.body && (whole || goes_on(said)) ? said.body->size() : 0;
    if (said.stage != http::stage::replied || (!whole && said.status != 206))
        why_ = reason_of(said);
    if (came == 0) {
        const bool final = said.stage == http::stage::replied && said.status != 206;
        hopeless_ = said.reply_over_limit || (final && !may_change(said.status)) ||
                    ++fruitless_ >= most_fruitless;
        if (why_.empty()) why_ = "it answered with another part than was asked for";
        return;
    }
    fruitless_ = 0;
    if (whole) {
        parts_.clear();
        size_ = 0;
    }
    parts_.push_back(said.body);
    size_ += came;
    if (size_ > what_.size) {
        hopeless_ = true;
        why_ = "it sent more than there is";
    }
}

std::vector<crypto::piece> fetched::pieces() const {
    std::vector<crypto::piece> all;
    all.reserve(parts_.size());
    for (const auto& part : parts_) all.push_back(crypto::slice{part, 0, part->size()});
    return all;
}

std::string fetched::range() const {
    return size_ == 0 ? std::string{} : fmt::format("bytes={}-", size_);
}

}  // namespace ecert::worker
