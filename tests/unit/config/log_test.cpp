#include "config/log.hpp"

#include "config/clock.hpp"
#include "tests/unit/config/folder.hpp"

#include <boost/json/parse.hpp>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <fstream>
#include <future>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

using namespace ecert;

namespace {

boost::json::object only_line(const log::capture& in) {
    const std::string text = in.lines();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
    return boost::json::parse(text.substr(0, text.find('\n'))).as_object();
}

// A pipe that is read when the test says so. The log opens its writing end by name.
class unread_pipe {
  public:
    unread_pipe() { EXPECT_EQ(::pipe2(ends_, O_CLOEXEC), 0); }
    ~unread_pipe() {
        ::close(ends_[0]);
        close_writing();
    }
    std::string name() const { return "/proc/self/fd/" + std::to_string(ends_[1]); }
    void close_writing() {
        if (ends_[1] >= 0) ::close(std::exchange(ends_[1], -1));
    }
    // Until nobody has its writing end any more.
    std::string read_all() {
        close_writing();
        std::string all;
        char bytes[65536];
        for (ssize_t n = 0; (n = ::read(ends_[0], bytes, sizeof bytes)) > 0;)
            all.append(bytes, static_cast<std::size_t>(n));
        return all;
    }

  private:
    int ends_[2] = {-1, -1};
};

struct counted {
    std::int64_t written = 0, told = 0;
};
counted count_lines(const std::string& text) {
    counted all;
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) {
        const auto one = boost::json::parse(line).as_object();
        if (one.at("event") == "log_lines_dropped")
            all.told += one.at("count").as_int64();
        else
            ++all.written;
    }
    return all;
}

}  // namespace

TEST(log, a_reader_who_stalls_stops_nobody_and_is_told_what_he_missed) {
    unread_pipe pipe;
    constexpr std::int64_t lines = 20'000;
    const auto dropped_before = log::dropped();
    log::start(log::level::info, pipe.name());
    auto caller = std::async(std::launch::async, [] {
        for (std::int64_t i = 0; i < lines; ++i)
            log::write(log::level::info, "tick", {{"n", i}, {"pad", std::string(1000, 'x')}});
    });
    EXPECT_EQ(caller.wait_for(std::chrono::seconds(60)), std::future_status::ready)
        << "the caller waits for the reader";
    auto reading = std::async(std::launch::async, [&] { return pipe.read_all(); });
    caller.get();
    log::stop();
    const auto seen = count_lines(reading.get());
    EXPECT_GT(seen.told, 0);
    EXPECT_LT(seen.told, lines);
    EXPECT_EQ(seen.written + seen.told, lines);
    EXPECT_EQ(log::dropped() - dropped_before, static_cast<std::uint64_t>(seen.told));
}

TEST(log, the_end_waits_for_a_reader_who_takes_nothing_but_not_for_ever) {
    std::signal(SIGPIPE, SIG_IGN);  // the line that waits meets a closed pipe at last
    unread_pipe pipe;
    log::start(log::level::info, pipe.name());
    for (int i = 0; i < 1000; ++i)
        log::write(log::level::info, "tick", {{"pad", std::string(1000, 'x')}});
    auto ending = std::async(std::launch::async, [] { log::stop(); });
    EXPECT_EQ(ending.wait_for(std::chrono::seconds(30)), std::future_status::ready);
}

TEST(log, what_was_said_is_told_when_an_exception_ends_the_process) {
    const tests::folder at;
    const std::string file = at.path() / "node.log";
    const auto die = [&] {
        log::start(log::level::info, file);
        for (int i = 0; i < 1000; ++i) log::write(log::level::info, "last_words", {});
        std::thread{[] { throw std::runtime_error("nobody catches this"); }}.join();
    };
    EXPECT_EXIT(die(), ::testing::KilledBySignal(SIGABRT), "");
    std::ifstream in{file};
    std::stringstream text;
    text << in.rdbuf();
    EXPECT_EQ(count_lines(text.str()).written, 1000);
}

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
