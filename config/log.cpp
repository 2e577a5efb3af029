#include "config/log.hpp"

#include "config/clock.hpp"
#include "config/line_queue.hpp"
#include "config/utf8.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <cstdio>
#include <exception>
#include <memory>
#include <mutex>
#include <vector>

namespace ecert::log {
namespace {

constexpr std::size_t longest_value = 4096;
constexpr duration patience{2000};  // with a reader who takes nothing, at the end
constexpr std::string_view level_names[] = {"trace", "debug", "info", "warn", "error"};

struct destination {
    std::mutex guard;
    std::shared_ptr<line_queue> out;    // null before start() and after stop()
    std::uint64_t dropped = 0;          // by what was stopped
    std::vector<std::string> captured;  // one text for each living capture
    std::atomic<level> least{level::info};
    std::atomic<unsigned> captures{0};
};

destination& where() {
    static destination only;
    return only;
}

boost::json::value json_of(const field& f) {
    return std::visit(
        [](const auto& value) -> boost::json::value {
            if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string_view>) {
                return boost::json::string{valid_utf8(value, longest_value)};
            } else {
                return value;
            }
        },
        f.value);
}

std::string line_of(level of, std::string_view event, std::initializer_list<field> fields) {
    boost::json::object line;
    line.reserve(fields.size() + 3);
    line["at"] = rfc3339(machine_clock().now());
    line["level"] = level_names[static_cast<int>(of)];
    line["event"] = event;
    for (const field& f : fields) line[f.name] = json_of(f);
    return boost::json::serialize(line);
}

std::string line_of_dropped(std::uint64_t count) {
    return line_of(level::warn, "log_lines_dropped", {{"count", static_cast<std::int64_t>(count)}});
}

std::shared_ptr<spdlog::logger> open_logger(const std::string& file) {
    spdlog::sink_ptr sink;
    if (file.empty()) {
        // Else the process's own end would wait for a reader who takes nothing.
        std::setvbuf(stdout, nullptr, _IONBF, 0);
        sink = std::make_shared<spdlog::sinks::stdout_sink_mt>();
    } else {
        sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
    }
    auto logger = std::make_shared<spdlog::logger>("ecert", std::move(sink));
    logger->set_pattern("%v");
    logger->set_level(spdlog::level::trace);
    return logger;
}

// What was said before an exception that nobody caught is told before the process dies of it.
void tell_all_when_terminated() {
    static const std::terminate_handler then = std::set_terminate([] {
        stop();
        then();
    });
}

}  // namespace

void start(level least, const std::string& file) {
    auto logger = open_logger(file);
    auto out = std::make_shared<line_queue>(
        line_queue::reader{[logger](const std::string& line) {
                               logger->log(spdlog::level::info, spdlog::string_view_t{line});
                           },
                           [logger] { logger->flush(); }, line_of_dropped});
    const std::lock_guard lock{where().guard};
    where().out = std::move(out);
    where().least = least;
    tell_all_when_terminated();
}

void stop() {
    std::shared_ptr<line_queue> last;
    {
        const std::lock_guard lock{where().guard};
        last = std::move(where().out);
        if (last) where().dropped += last->dropped();
    }
    if (last) last->drain(patience);
}

std::uint64_t dropped() {
    const std::lock_guard lock{where().guard};
    return where().dropped + (where().out ? where().out->dropped() : 0);
}

void write(level of, std::string_view event, std::initializer_list<field> fields) {
    destination& to = where();
    if (of < to.least && to.captures == 0) return;
    std::string line = line_of(of, event, fields);
    std::shared_ptr<line_queue> out;
    {
        const std::lock_guard lock{to.guard};
        if (!to.captured.empty()) {
            to.captured.back() += line + '\n';
            return;
        }
        out = to.out;
    }
    if (out && of >= to.least) out->put(std::move(line));
}

capture::capture() {
    const std::lock_guard lock{where().guard};
    where().captured.emplace_back();
    ++where().captures;
}

capture::~capture() {
    const std::lock_guard lock{where().guard};
    where().captured.pop_back();
    --where().captures;
}

std::string capture::lines() const {
    const std::lock_guard lock{where().guard};
    return where().captured.back();
}

}  // namespace ecert::log
