// What is told of a request quotes it, and is text all the same.
#include "hub/partner/answer.hpp"

#include "crypto/xml/document.hpp"

#include <gtest/gtest.h>

namespace ecert::hub::tests {
namespace {

TEST(answer, a_number_that_is_quoted_is_never_cut_inside_a_character) {
    std::string number;
    for (int i = 0; i < 34; ++i) number += "\u4e2d";
    const auto told = no_such_envelope(number).text;
    EXPECT_NE(told.find("\u4e2d"), told.npos);
    EXPECT_TRUE(crypto::xml::is_xml_text(told)) << told;
}

}  // namespace
}  // namespace ecert::hub::tests
