// What [adapter] must say once it names a hub.
#include "config/load/load.hpp"
#include "tests/unit/config/folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace ecert;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

std::vector<std::string> problems_of(const std::string& adapter) {
    const tests::folder at;
    at.write("trust/a.pem", "a");
    at.write("node.toml", "name = 'CN'\n[adapter]\n" + adapter);
    std::vector<std::string> said;
    for (const auto& p : load_configuration(at.path()).found)
        said.push_back(p.id + ' ' + p.where.substr(p.where.find(' ') + 1));
    return said;
}

}  // namespace

TEST(adapter_settings, a_host_without_a_hub_needs_nothing) {
    EXPECT_THAT(problems_of(""), IsEmpty());
}

TEST(adapter_settings, who_tells_a_hub_of_itself_says_who_it_is_and_proves_it) {
    EXPECT_THAT(problems_of("hub = 'https://hub.example:8445'\n"),
                ElementsAre("CFG-REQUIRED adapter.name", "CFG-REQUIRED adapter.tls_certificate",
                            "CFG-REQUIRED adapter.tls_key", "CFG-REQUIRED adapter.tls_ca"));
    EXPECT_THAT(problems_of("hub = 'https://hub.example:8445'\nname = 'abroad'\n"
                            "tls_certificate = 'trust/a.pem'\ntls_key = 'trust/a.pem'\n"
                            "tls_ca = 'trust/a.pem'\n"),
                IsEmpty());
}
