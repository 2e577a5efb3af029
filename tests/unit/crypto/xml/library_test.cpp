#include "crypto/xml/document.hpp"
#include "crypto/xml/xpath.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace ecert::crypto::xml {
namespace {

const library started;  // for all tests of this program

TEST(library, nothing_goes_to_standard_error_on_any_thread) {
    testing::internal::CaptureStderr();
    const auto wrong = [] {
        EXPECT_FALSE(document::parse("<a><b></a>", {}));
        EXPECT_FALSE(xpath::compile("a[", {}));
    };
    wrong();
    std::thread{wrong}.join();
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace ecert::crypto::xml
