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

namespace ecert::hub {

// "after-commit:3"; an empty text gives an empty function: no point costs anything.
inline std::function<void(const char*)> kill_at(const std::string& text) {
    if (text.empty()) return {};
    const auto colon = text.find(':');
    const auto times = colon == std::string::npos ? 1 : std::atoi(text.c_str() + colon + 1);
    auto left = std::make_shared<std::atomic<int>>(times);
    return [point = text.substr(0, colon), left](const char* reached) {
        if (point == reached && --*left == 0) ::kill(::getpid(), SIGKILL);
    };
}

}  // namespace ecert::hub
