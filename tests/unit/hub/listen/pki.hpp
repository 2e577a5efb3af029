// Certificates for tests, made once a program by the development PKI's script and removed at its
// end.
#pragma once

#include "crypto/trust/certificate.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace ecert::hub::tests {

class pki {
  public:
    static const pki& made() {
        static const pki one;
        return one;
    }
    std::filesystem::path file(const std::string& name) const { return folder_ / (name + ".pem"); }
    crypto::certificate load(const std::string& name) const {
        const auto all = crypto::certificate::from_pem_file(file(name));
        if (!all || all->empty()) throw std::runtime_error("no certificate " + name);
        return all->front();
    }
    peer_identity_rule pinned(const std::string& name) const { return {file(name), {}, {}}; }
    peer_identity_rule subject(const std::string& name, const std::string& ca) const {
        return {{}, file(ca), load(name).subject()};
    }

  private:
    pki()
        : folder_{std::filesystem::temp_directory_path() /
                  ("ecert-pki-" + std::to_string(::getpid()))} {
        script("ca ca");
        script("ca other-ca");
        for (const auto* name : {"mara", "gacc", "nz", "stranger"})
            script(std::string{"client "} + name + " ca");
        script("client old ca --expired");
        std::filesystem::create_directory(folder_ / "other");
        folder_ /= "other";
        script("ca ca");
        script("client mara ca");  // the same subject under another CA
        folder_ = folder_.parent_path();
    }
    ~pki() { std::filesystem::remove_all(folder_); }

    void script(const std::string& what) const {
        const auto make = std::string{ECERT_SOURCE_DIR} + "/deploy/pki/make-pki.sh";
        const auto line = make + " '" + folder_.string() + "' " + what + " > /dev/null 2>&1";
        if (std::system(line.c_str()) != 0) throw std::runtime_error("failed: " + line);
    }
    std::filesystem::path folder_;
};

}  // namespace ecert::hub::tests
