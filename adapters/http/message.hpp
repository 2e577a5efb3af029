// Requests and responses as plain structs. Beast and Asio's TLS stay inside this folder's .cpp
// files: handlers and clients see only what stands here (a test).
#pragma once

#include "crypto/xml/splice.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ecert::http {

class fields {
  public:
    fields() = default;
    fields(std::initializer_list<std::pair<std::string, std::string>> all) : all_(all) {}
    void set(std::string name, std::string value);      // replaces
    void add(std::string name, std::string value);      // behind what is there: "a, b"
    bool repeated(std::string_view name) const;         // it was added more than once
    std::string_view get(std::string_view name) const;  // empty if absent; case-insensitive
    bool has(std::string_view name) const;
    const auto& all() const { return all_; }

  private:
    std::vector<std::pair<std::string, std::string>> all_;
    std::vector<std::string> repeated_;
};

struct request_head {
    std::string method;
    std::string target;                 // as sent
    std::string path;                   // decoded per segment: use segments()
    std::vector<std::string> segments;  // percent-decoded; a decoded slash stays inside its segment
    std::vector<std::pair<std::string, std::string>> query;  // percent-decoded
    http::fields fields;
    std::optional<std::string> parameter(std::string_view name) const;
};

struct response {
    int status = 200;
    http::fields fields;
    crypto::xml::parts body;  // written with Content-Length
    std::uint64_t size = 0;   // of the body as written; reply() and measure() know it
};

response reply(int status, std::string content_type, std::string body);

}  // namespace ecert::http
