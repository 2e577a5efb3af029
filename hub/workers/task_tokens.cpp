#include "hub/workers/task_tokens.hpp"

#include "crypto/digest.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace ecert::hub {
namespace {

namespace json = boost::json;

constexpr const char* file_name = "task-token.key";
constexpr const char* sealed_for = "task-token";  // one key for all of them
constexpr std::string_view form = "ecert task token 1";
constexpr std::size_t key_bytes = 32, longest_token = 4'096;

bool sync_folder(const std::filesystem::path& folder) {
    const int at = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (at < 0) return false;
    const bool well = ::fsync(at) == 0;
    ::close(at);
    return well;
}

// All of it or nothing: written beside, made durable, renamed.
bool write_private(const std::filesystem::path& file, std::string_view text) {
    const auto beside = file.string() + ".new";
    ::unlink(beside.c_str());
    const int to = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (to < 0) return false;
    const bool well = ::write(to, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                      ::fsync(to) == 0;
    ::close(to);
    return well && ::rename(beside.c_str(), file.c_str()) == 0 && sync_folder(file.parent_path());
}

std::string written(const content_grant& g) {
    json::array reads;
    for (const auto& digest : g.may_read) reads.push_back(json::value(digest.hex()));
    return json::serialize(json::object{{"partner", g.partner},
                                        {"task", queue::to_string(g.task)},
                                        {"attempt", g.attempt},
                                        {"read", std::move(reads)},
                                        {"write", g.may_write},
                                        {"until", rfc3339(g.until)}});
}

// Throws where it is not as written() wrote it: nobody else could have sealed it.
content_grant read_back(std::string_view text) {
    const auto all = json::parse({text.data(), text.size()});
    content_grant g;
    g.partner = json::value_to<std::string>(all.at("partner"));
    if (!queue::parse_uuid(json::value_to<std::string>(all.at("task")), g.task))
        throw std::invalid_argument("task");
    g.attempt = json::value_to<std::uint32_t>(all.at("attempt"));
    for (const auto& digest : all.at("read").as_array())
        g.may_read.push_back(crypto::sha256::from_hex(json::value_to<std::string>(digest)).value());
    g.may_write = json::value_to<std::uint64_t>(all.at("write"));
    g.until = parse_rfc3339(json::value_to<std::string>(all.at("until"))).value();
    return g;
}

const failure not_ours{failure_kind::untrusted, "The token of this task is not one of this hub."};

}  // namespace

result<task_tokens> task_tokens::kept_in(const std::filesystem::path& folder) {
    const auto file = folder / file_name;
    if (!std::filesystem::exists(file)) {
        const secret line{"1 * " + crypto::base64_encode(crypto::random_bytes(key_bytes)) + '\n'};
        if (!write_private(file, line.reveal()))
            return failure{failure_kind::unavailable,
                           file.string() + " cannot be written: " + std::strerror(errno)};
    }
    auto keys = crypto::seal_keys::read(file);
    if (!keys) return failure{keys.error().kind, file.string() + ": " + keys.error().text};
    return task_tokens{std::move(keys).value()};
}

std::string task_tokens::make(const content_grant& g) const {
    return crypto::base64_encode(by_.seal(sealed_for, form, written(g)).value());
}

result<content_grant> task_tokens::read(std::string_view token) const {
    if (token.size() > longest_token) return not_ours;
    const auto sealed = crypto::base64_decode(token);
    if (!sealed) return not_ours;
    const auto opened = by_.open(sealed_for, form, *sealed);
    if (!opened) return not_ours;
    try {
        return read_back(*opened);
    } catch (const std::exception& e) {
        return failure{failure_kind::untrusted, std::string{"the token of this task: "} + e.what()};
    }
}

}  // namespace ecert::hub
