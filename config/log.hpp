// The log: one JSON object a line on standard output (or a file). Event names and their fields are
// a contract for operators.
//
// Thread rule: every function may be called from any thread. Nobody but stop() waits for whoever
// reads the log: lines wait for him, up to 4 MiB of them; what finds no room is dropped, counted
// (ecert_log_lines_dropped_total), and told in a line `log_lines_dropped` where it would have
// stood. Secrets never appear: the secret type prints ***, certificate content and
// private data are never logged. Foreign bytes may be anything: a value becomes valid UTF-8 of at
// most 4 KiB.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace ecert::log {

enum class level { trace, debug, info, warn, error };

struct field {
    std::string_view name;
    std::variant<std::string_view, std::int64_t, double, bool> value;
};

// Once, before threads; an empty file is standard output. Nothing is written before it.
void start(level least, const std::string& file = {});
// Returns when all is written, or after 2 s with a reader who takes nothing. Done by itself when an
// exception that nobody catches ends the process.
void stop();
std::uint64_t dropped();  // lines, since the process began

// Writes {"at":..,"level":..,"event":..,fields...}. Event is a
// stable snake_case name.
void write(level, std::string_view event, std::initializer_list<field> fields);

// Collects the lines instead of writing them, while it lives (tests: assert on contracts).
class capture {
  public:
    capture();
    ~capture();
    std::string lines() const;
};

}  // namespace ecert::log
