// ecertctl: the tool of operators and agencies.
#include "hub/ecertctl/command_line.hpp"

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace {

// "zh_CN.UTF-8" as an Accept-Language would say it.
ecert::language language_of_user() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* set = std::getenv(name);
        if (set == nullptr || *set == '\0') continue;
        const std::string locale{set};
        return ecert::preferred_language(locale.substr(0, locale.find_first_of("_.@")));
    }
    return ecert::language::en;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words{argv + 1, argv + argc};
    ecert::ctl::session session{std::cout,          std::cerr, ecert::machine_clock(),
                                language_of_user(), false,     "/run/ecert/operators.sock"};
    try {
        return static_cast<int>(ecert::ctl::run_command_line(session, words));
    } catch (const std::exception& e) {
        std::cerr << "ecertctl: " << e.what() << '\n';
        return static_cast<int>(ecert::ctl::exit_code::unreachable);
    }
}
