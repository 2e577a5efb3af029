// The files of a stylesheet, read and searched before libxslt sees them: everything they include,
// and everything that the contract in stylesheet.hpp forbids. What was searched is what is
// compiled: the bytes are kept.
#pragma once

#include "config/problem.hpp"
#include "crypto/xml/document.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace ecert::crypto::xml {

struct stylesheet_files {
    std::map<std::filesystem::path, std::string> bytes;  // by canonical path
    bool strips_space = false;                           // some file has xsl:strip-space
    problems found;
};

stylesheet_files read_stylesheet_files(const std::filesystem::path& file,
                                       const std::filesystem::path& inside);

// One file of them as a tree that libxslt may own.
result<document> parse_stylesheet(const std::string& bytes);

// A search of one tree; `at` begins problems' places.
void find_forbidden(const document& sheet, const std::string& at, problems& found);

constexpr std::string_view xslt_ns = "http://www.w3.org/1999/XSL/Transform";

}  // namespace ecert::crypto::xml
