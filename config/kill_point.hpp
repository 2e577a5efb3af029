// For the crash tests: SIGKILL at the Nth passing of a named point, in the very binaries that go
// into service.
#pragma once

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>

namespace ecert {

// "after-commit:3": ourselves; "after-commit:3:4711": the process 4711, once. An empty text gives
// an empty function: no point costs anything.
inline std::function<void(const char*)> kill_at(const std::string& text) {
    if (text.empty()) return {};
    const auto field = [&text](int which) {
        std::size_t at = 0;
        while (which-- > 0 && at != std::string::npos) at = text.find(':', at ? at + 1 : 0);
        return at == std::string::npos ? 0 : std::atoi(text.c_str() + at + 1);
    };
    const pid_t whom = field(2) > 0 ? field(2) : ::getpid();
    auto left =
        std::make_shared<std::atomic<int>>(text.find(':') == std::string::npos ? 1 : field(1));
    return [point = text.substr(0, text.find(':')), left, whom](const char* reached) {
        if (point == reached && --*left == 0) ::kill(whom, SIGKILL);
    };
}

}  // namespace ecert
