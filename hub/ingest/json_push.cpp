#include "hub/ingest/json_push.hpp"

#include "config/utf8.hpp"
#include "crypto/base64.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <limits>
#include <set>

namespace ecert::hub {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_text = 1000;  // a number has 512 bytes at most
constexpr std::size_t longest_key = 64;
constexpr auto members = "to, number, type, status, content";

problem wrong(const char* id, std::string where, std::string_view value, std::string expected) {
    return {id, severity::error, std::move(where), valid_utf8(value, 200), std::move(expected)};
}

// What boost::json's parser calls. Values inside other values are passed over: whatever holds them
// is of the wrong type, and that has been said.
class reading {
  public:
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

    reading(const limit_settings& limits, const std::filesystem::path& folder)
        : largest_{limits.json_bytes}, spool_{folder, limits.spool_threshold} {}

    json_push finish() && {
        const bool empty = has_content_ && !content_bad_ && size_ == 0;
        if (!made_.too_large && !content_bad_ && has_content_ && !empty)
            made_.content = std::move(spool_).finish();
        else if ((!has_content_ || empty) && !not_an_object_ && !broken_)
            say("REST-CONTENT-MISSING", "/content", {}, "base64 of the certificate");
        return std::move(made_);
    }
    void broke_off(std::string_view why) {
        if (made_.too_large) return;
        broken_ = true;
        say("REST-JSON", "/", why, example);
    }

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) { return open(true); }
    bool on_object_end(std::size_t, json::error_code&) { return close(); }
    bool on_array_begin(json::error_code&) { return open(false); }
    bool on_array_end(std::size_t, json::error_code&) { return close(); }

    bool on_key_part(std::string_view part, std::size_t, json::error_code&) {
        if (depth_ == 1 && key_.size() < longest_key) key_ += part.substr(0, longest_key);
        return true;
    }
    bool on_key(std::string_view last, std::size_t n, json::error_code& e) {
        on_key_part(last, n, e);
        if (depth_ != 1) return true;
        member_ = std::move(key_);
        key_.clear();
        text_.clear();
        const bool known = member_ == "to" || member_ == "number" || member_ == "type" ||
                           member_ == "status" || member_ == "content";
        if (!known || !seen_.insert(member_).second) {
            say("REST-JSON-MEMBER", "/" + member_, {}, known ? "once" : members);
            member_.clear();
        }
        return true;
    }

    bool on_string_part(std::string_view part, std::size_t, json::error_code& e) {
        if (depth_ != 1) return true;
        if (member_ == "content") return take(part, e);
        if (text_.size() <= longest_text) text_ += part.substr(0, longest_text + 1);
        return true;
    }
    bool on_string(std::string_view last, std::size_t n, json::error_code& e) {
        if (depth_ == 0) return scalar({});
        if (!on_string_part(last, n, e)) return false;
        if (depth_ != 1 || member_.empty()) return true;
        if (member_ == "content") return end_content(e);
        const bool is_text = member_ == "to" || member_ == "number";
        if (!is_text || text_.size() > longest_text) return scalar(text_);
        (member_ == "to" ? made_.said.to : made_.said.number) = text_;
        return true;
    }

    bool on_number_part(std::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t n, std::string_view text, json::error_code&) {
        const bool is_code = member_ == "type" || member_ == "status";
        if (depth_ != 1 || !is_code || n <= 0 || n > std::numeric_limits<int>::max())
            return scalar(text);
        (member_ == "type" ? made_.said.type : made_.said.status) = static_cast<int>(n);
        return true;
    }
    bool on_uint64(std::uint64_t, std::string_view text, json::error_code&) { return scalar(text); }
    bool on_double(double, std::string_view text, json::error_code&) { return scalar(text); }
    bool on_bool(bool b, json::error_code&) { return scalar(b ? "true" : "false"); }
    bool on_null(json::error_code&) {
        if (depth_ == 0 || member_ == "content") return scalar("null");
        return true;  // as if it were not there
    }
    bool on_comment_part(std::string_view, json::error_code&) { return true; }
    bool on_comment(std::string_view, json::error_code&) { return true; }

  private:
    static constexpr auto example = R"({"to":"NZ","content":"<base64>"})";

    void say(const char* id, std::string where, std::string_view value, std::string expected) {
        made_.found.push_back(wrong(id, std::move(where), value, std::move(expected)));
    }

    bool open(bool object) {
        if (depth_ > 0 || !object) scalar(object ? "{" : "[");
        ++depth_;
        return true;
    }
    bool close() {
        --depth_;
        return true;
    }

    // A value where another kind was expected: the document itself, or a member of it.
    bool scalar(std::string_view value) {
        if (depth_ == 0) {
            not_an_object_ = true;
            say("REST-JSON", "/", value, example);
        } else if (depth_ == 1 && !member_.empty()) {
            const bool code = member_ == "type" || member_ == "status";
            has_content_ = has_content_ || member_ == "content";
            content_bad_ = content_bad_ || member_ == "content";
            say("REST-JSON-MEMBER", "/" + member_, value, code ? "a code, as a number" : "a text");
        }
        return true;
    }

    bool take(std::string_view part, json::error_code& e) {
        has_content_ = true;
        if (content_bad_) return true;
        decoded_.clear();
        if (!decoder_.update(part, decoded_)) not_base64();
        return keep_decoded(e);
    }
    bool end_content(json::error_code& e) {
        decoded_.clear();
        if (!content_bad_ && !decoder_.finish(decoded_)) not_base64();
        return keep_decoded(e);
    }
    bool keep_decoded(json::error_code& e) {
        size_ += decoded_.size();
        if (size_ > largest_) {
            made_.too_large = true;
            e = json::error::extra_data;  // stops the parser; nobody is told so
            return false;
        }
        spool_.write(decoded_);
        return true;
    }
    void not_base64() {
        content_bad_ = true;
        decoded_.clear();
        say("REST-CONTENT-NOT-BASE64", "/content", {}, "base64 (RFC 4648, 4)");
    }

    const std::uint64_t largest_;
    crypto::spool spool_;
    crypto::base64_decoder decoder_;
    std::string key_, member_, text_, decoded_;
    std::set<std::string> seen_;
    std::uint64_t size_ = 0;
    int depth_ = 0;
    bool has_content_ = false, content_bad_ = false, not_an_object_ = false, broken_ = false;
    json_push made_;
};

}  // namespace

json_push read_json_push(const crypto::source& body, const limit_settings& limits,
                         const std::filesystem::path& spool_folder) {
    json::basic_parser<reading> parser{json::parse_options{}, limits, spool_folder};
    std::string piece(64 * kib, '\0');
    json::error_code broken;
    std::uint64_t offset = 0;
    while (!broken) {
        const auto n = body.read(offset, piece);
        offset += n;
        const auto used = parser.write_some(n > 0, piece.data(), n, broken);
        if (!broken && used < n) broken = json::error::extra_data;
        if (n == 0) break;
    }
    if (broken) parser.handler().broke_off(broken.message());
    return std::move(parser.handler()).finish();
}

std::uint64_t largest_json_body(const limit_settings& limits) {
    return limits.json_bytes / 3 * 4 + limits.json_bytes / 32 + 64 * kib;
}

problems misstated(const asserted& said, const sps::certificate& read) {
    problems all;
    const auto differs = [&](const char* id, const char* where, const std::string& ours,
                             const std::string& its) {
        if (ours != its) all.push_back(wrong(id, where, ours, valid_utf8(its, 200)));
    };
    if (said.number && !read.number.empty())
        differs("SPS-ENVELOPE-NUMBER", "/number", *said.number, read.number);
    if (said.type && read.type != 0)
        differs("SPS-ENVELOPE-TYPE", "/type", std::to_string(*said.type),
                std::to_string(read.type));
    if (said.status && read.status != 0)
        differs("SPS-ENVELOPE-STATUS", "/status", std::to_string(*said.status),
                std::to_string(read.status));
    return all;
}

}  // namespace ecert::hub
