// The examples are the reference of all keys: as they are they load without a problem; with the
// comments taken off every optional key they load to the same settings, so that each commented
// value is the default.
#include "config/load/compare.hpp"
#include "config/load/load.hpp"
#include "tests/unit/config/folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

using namespace ecert;
using namespace ecert::load;
namespace fs = std::filesystem;

namespace {

const char* const files[] = {"node.toml",
                             "keys.toml",
                             "agencies/example.toml",
                             "partners/example.toml",
                             "channels/example.toml",
                             "channels/ippc.toml",
                             "adapters/example.toml"};

std::string example(const std::string& file) {
    std::ifstream in{fs::path{ECERT_SOURCE_DIR} / "deploy/examples" / file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::string uncommented(const std::string& text) {
    return std::regex_replace(text, std::regex{"(^|\n)#([a-z\\[])"}, "$1$2");
}

class examples : public testing::Test {
  protected:
    configuration_ptr load(std::string (*change)(const std::string&)) {
        for (const char* file : files) {
            const std::string text = example(file);
            EXPECT_FALSE(text.empty()) << file;
            at.write(file, change(text));
            write_trust(text);
        }
        const auto loaded = load_configuration(at.path());
        for (const problem& p : loaded.found)
            ADD_FAILURE() << p.id << ' ' << p.where << ' ' << p.value;
        return loaded.value;
    }

  private:
    // Each file that the examples name is there, and no two are the same certificate.
    void write_trust(const std::string& text) {
        static const std::regex named{"\"(trust/[^\"]+)\""};
        for (std::sregex_iterator i{text.begin(), text.end(), named}, end; i != end; ++i)
            at.write((*i)[1], (*i)[1]);
    }
    tests::folder at;
};

std::string as_it_is(const std::string& text) { return text; }

template <class Settings>
void add_names(std::set<std::string>& to);

template <class Value>
void add_inner(const Value&, std::set<std::string>&) {}
template <has_keys Settings>
void add_inner(const Settings&, std::set<std::string>& to) {
    add_names<Settings>(to);
}
template <has_keys Settings>
void add_inner(const std::vector<Settings>&, std::set<std::string>& to) {
    add_names<Settings>(to);
}
template <class Settings>
void add_names(std::set<std::string>& to) {
    for_each_key<Settings>([&](const auto& k) {
        to.emplace(k.name);
        add_inner(Settings{}.*k.member, to);
    });
}

template <class Settings>
void expect_every_key(const std::string& file) {
    const std::string text = uncommented(example(file));
    std::set<std::string> names;
    add_names<Settings>(names);
    for (const std::string& name : names) {
        const std::regex line{"(^|\n)(" + name + " = |\\[+([a-z_]+\\.)*" + name + "\\]+\n)"};
        EXPECT_TRUE(std::regex_search(text, line)) << file << " does not show " << name;
    }
}

}  // namespace

TEST_F(examples, commented_values_are_the_defaults) {
    const auto plain = load(as_it_is);
    const auto all = load(uncommented);
    ASSERT_TRUE(plain && all);
    using testing::IsEmpty;
    EXPECT_THAT(differing_keys(plain->node, all->node), IsEmpty());
    EXPECT_THAT(differing_keys(plain->partners.at("example"), all->partners.at("example")),
                IsEmpty());
    EXPECT_THAT(differing_keys(plain->channels.at("example"), all->channels.at("example")),
                IsEmpty());
    EXPECT_THAT(differing_keys(plain->keys.at("node-signing"), all->keys.at("node-signing")),
                IsEmpty());

    EXPECT_THAT(differing_keys(plain->hosts.at("example"), all->hosts.at("example")), IsEmpty());

    // A rule that is commented out is one more rule; each of its values is the default.
    agency_settings agency = all->agencies.at("example");
    ASSERT_EQ(agency.inbox.size(), 1u);
    EXPECT_THAT(differing_keys(agency.inbox.front(), inbox_rule{}), IsEmpty());
    agency.inbox.clear();
    EXPECT_THAT(differing_keys(plain->agencies.at("example"), agency), IsEmpty());
}

TEST(examples_text, every_key_is_shown) {
    expect_every_key<node_settings>("node.toml");
    expect_every_key<agency_settings>("agencies/example.toml");
    expect_every_key<partner_settings>("partners/example.toml");
    expect_every_key<channel_settings>("channels/example.toml");
    expect_every_key<host_settings>("adapters/example.toml");
    expect_every_key<key_settings>("keys.toml");
}

TEST(examples_text, nothing_but_optional_keys_and_prose_is_commented_out) {
    for (const char* file : files) {
        const std::string text = example(file);
        const std::regex odd{"(^|\n)#[^ \na-z\\[]"};
        EXPECT_FALSE(std::regex_search(text, odd)) << file;
    }
}

TEST(compare, names_the_key_that_differs) {
    channel_settings a, b;
    b.window = 1;
    b.retry.first = 7s;
    b.identity.emplace_back();
    EXPECT_THAT(differing_keys(a, b), testing::ElementsAre("identity", "window", "retry.first"));
    a.identity.emplace_back().subject = "CN=x";
    EXPECT_THAT(differing_keys(a, b),
                testing::ElementsAre("identity[1].subject", "window", "retry.first"));
}
