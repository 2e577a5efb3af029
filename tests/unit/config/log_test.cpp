#include "config/log.hpp"

#include "config/clock.hpp"
#include "tests/unit/config/folder.hpp"

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

using namespace ecert;

namespace {

boost::json::object only_line(const log::capture& in) {
    const std::string text = in.lines();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
    return boost::json::parse(text.substr(0, text.find('\n'))).as_object();
}

}  // namespace

TEST(log, a_line_is_one_json_object_with_time_level_event_and_fields) {
    const log::capture captured;
    log::write(log::level::warn, "partner_slow",
               {{"partner", "NZ"}, {"seconds", 2.5}, {"tries", std::int64_t{3}}, {"open", true}});
    const auto line = only_line(captured);
    EXPECT_TRUE(parse_rfc3339(line.at("at").as_string()));
    EXPECT_EQ(line.at("level"), "warn");
    EXPECT_EQ(line.at("event"), "partner_slow");
    EXPECT_EQ(line.at("partner"), "NZ");
    EXPECT_EQ(line.at("seconds").as_double(), 2.5);
    EXPECT_EQ(line.at("tries").as_int64(), 3);
    EXPECT_TRUE(line.at("open").as_bool());
}

TEST(log, hostile_text_stays_inside_its_field) {
    const log::capture captured;
    log::write(log::level::info, "refused", {{"number", "A\n{\"event\":\"forged\"}\xff\""}});
    EXPECT_EQ(only_line(captured).at("number"), "A\n{\"event\":\"forged\"}\xEF\xBF\xBD\"");
}

TEST(log, a_value_is_cut_to_four_kibibytes) {
    const log::capture captured;
    log::write(log::level::info, "answered", {{"text", std::string(100'000, 'x')}});
    EXPECT_EQ(only_line(captured).at("text").as_string().size(), 4096u);
}

TEST(log, lines_of_many_threads_are_whole) {
    const log::capture captured;
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([] {
            for (int i = 0; i < 100; ++i)
                log::write(log::level::info, "tick", {{"n", std::int64_t{i}}});
        });
    threads.clear();
    std::istringstream lines{captured.lines()};
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count)
        EXPECT_NO_THROW(boost::json::parse(line));
    EXPECT_EQ(count, 400);
}

TEST(log, writes_to_its_file_what_reaches_the_level) {
    const tests::folder at;
    const std::string file = at.path() / "node.log";
    log::start(log::level::warn, file);
    log::write(log::level::info, "not_this", {});
    log::write(log::level::error, "but_this", {});
    log::stop();
    log::start(log::level::info);
    log::stop();
    std::ifstream in{file};
    std::stringstream text;
    text << in.rdbuf();
    EXPECT_EQ(text.str().find("not_this"), std::string::npos);
    EXPECT_NE(text.str().find("but_this"), std::string::npos);
}
