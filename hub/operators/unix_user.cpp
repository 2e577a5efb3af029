#include "hub/operators/unix_user.hpp"

#include <pwd.h>

#include <vector>

namespace ecert::hub {

std::string unix_user_name(unsigned uid) {
    passwd entry{};
    passwd* found = nullptr;
    std::vector<char> texts(16 * 1024);
    if (::getpwuid_r(uid, &entry, texts.data(), texts.size(), &found) != 0 || found == nullptr)
        return {};
    return found->pw_name;
}

}  // namespace ecert::hub
