// A PKI made by deploy/pki/make-pki.sh in a folder of its own, removed at the end of the test
// program.
#pragma once

#include "crypto/trust/certificate.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace ecert::testing {

class development_pki {
  public:
    development_pki() {
        auto pattern = (std::filesystem::temp_directory_path() / "ecert-pki-XXXXXX").string();
        if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
        folder_ = pattern;
    }
    ~development_pki() { std::filesystem::remove_all(folder_); }
    development_pki(const development_pki&) = delete;
    development_pki& operator=(const development_pki&) = delete;

    // make("client NZ ca --expired")
    void make(const std::string& what) const {
        run(std::string{"sh "} + ECERT_SOURCE_DIR + "/deploy/pki/make-pki.sh '" + folder_.string() +
            "' " + what);
    }
    // With the folder as current one; standard output is what it returns.
    std::string run(const std::string& command) const {
        const auto out = folder_ / ".output", errors = folder_ / ".errors";
        const auto line = "cd '" + folder_.string() + "' && { " + command + " ; } > '" +
                          out.string() + "' 2> '" + errors.string() + "' < /dev/null";
        if (std::system(line.c_str()) != 0)
            throw std::runtime_error(command + " failed: " + read(errors));
        return read(out);
    }
    std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }
    const std::filesystem::path& folder() const { return folder_; }

    std::filesystem::path pem(const std::string& name) const { return folder_ / (name + ".pem"); }
    std::filesystem::path key(const std::string& name) const { return folder_ / (name + ".key"); }
    crypto::certificate certificate(const std::string& name) const {
        return crypto::certificate::from_pem_file(pem(name)).value().front();
    }

    static std::string read(const std::filesystem::path& file) {
        std::ifstream in{file, std::ios::binary};
        std::ostringstream text;
        text << in.rdbuf();
        return text.str();
    }
    static void write(const std::filesystem::path& file, std::string_view bytes) {
        std::ofstream{file, std::ios::binary} << bytes;
    }

  private:
    std::filesystem::path folder_;
};

}  // namespace ecert::testing
