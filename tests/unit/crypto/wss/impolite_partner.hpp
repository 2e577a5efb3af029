// A fixture that signs with a valid key what an honest partner would not send, one change at a
// time.
#pragma once

#include "tests/unit/crypto/wss/workshop.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace ecert::testing {

class impolite_partner : public ::testing::Test {
  protected:
    std::string verdict_of(const std::function<void(recipe&)>& change) {
        auto message = shop_.honest();
        change(message);
        return shop_.verdict(shop_.sign(message));
    }
    std::string verdict_without(const std::string& uri) {
        return verdict_of([&](recipe& r) {
            r.edit_references = [&](std::vector<signed_reference>& all) {
                std::erase_if(all, [&](const signed_reference& one) { return one.uri == uri; });
            };
        });
    }
    // With the reference to the Body changed.
    std::string verdict_with(const std::function<void(signed_reference&)>& change) {
        return verdict_of([&](recipe& r) {
            r.edit_references = [&](std::vector<signed_reference>& all) {
                for (auto& one : all)
                    if (one.uri == "#Body-1") change(one);
            };
        });
    }
    workshop& shop_ = the_workshop();
};

}  // namespace ecert::testing
