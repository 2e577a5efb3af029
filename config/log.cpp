#include "config/log.hpp"

#include "config/clock.hpp"
#include "config/utf8.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace ecert::log {
namespace {

constexpr std::size_t longest_value = 4096;
constexpr std::string_view level_names[] = {"trace", "debug", "info", "warn", "error"};

struct destination {
    std::mutex guard;
    std::shared_ptr<spdlog::logger> out;  // null before start() and after stop()
    std::vector<std::string> captured;    // one text for each living capture
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

}  // namespace

void start(level least, const std::string& file) {
    spdlog::sink_ptr sink;
    if (file.empty()) {
        sink = std::make_shared<spdlog::sinks::stdout_sink_mt>();
    } else {
        sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
    }
    auto logger = std::make_shared<spdlog::logger>("ecert", std::move(sink));
    logger->set_pattern("%v");
    logger->set_level(spdlog::level::trace);
    logger->flush_on(spdlog::level::trace);
    const std::lock_guard lock{where().guard};
    where().out = std::move(logger);
    where().least = least;
}

void stop() {
    const std::lock_guard lock{where().guard};
    if (where().out) where().out->flush();
    where().out.reset();
}

void write(level of, std::string_view event, std::initializer_list<field> fields) {
    destination& to = where();
    if (of < to.least && to.captures == 0) return;
    const std::string line = line_of(of, event, fields);
    std::shared_ptr<spdlog::logger> out;
    {
        const std::lock_guard lock{to.guard};
        if (!to.captured.empty()) {
            to.captured.back() += line + '\n';
            return;
        }
        out = to.out;
    }
    if (out && of >= to.least) out->log(spdlog::level::info, spdlog::string_view_t{line});
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
