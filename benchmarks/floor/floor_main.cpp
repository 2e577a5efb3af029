// floor-bench: what cannot be avoided for one certificate, with no node around it. One thread; JSON
// on standard output, microseconds of one certificate.
#include "adapters/soap/read.hpp"
#include "adapters/soap/write.hpp"
#include "adapters/sps/validate.hpp"
#include "benchmarks/floor/tls_pair.hpp"
#include "crypto/keys/signer.hpp"
#include "crypto/keys/signing_key.hpp"
#include "crypto/wss/security.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json.hpp>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <vector>

namespace {

using namespace ecert;
using steady = std::chrono::steady_clock;

struct told {
    std::string sample, key, certificate, folder = ".";
    std::uint64_t size = 10 * 1024;
    unsigned rounds = 2000;
};

std::string padded_sample(const told& with) {
    std::ifstream file(with.sample, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(file), {});
    text.replace(text.find("@NUMBER@"), 8, "FLOOR-1");
    const auto pad = text.find("@PAD@");
    text.replace(pad, 5, std::string(with.size > text.size() ? with.size - text.size() : 0, 'x'));
    return text;
}

// Appends and fdatasync: the share of one certificate in a commit of `group`.
class log_file {
  public:
    explicit log_file(const std::string& folder)
        : path_{folder + "/floor.log"},
          fd_{::open(path_.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600)} {}
    ~log_file() {
        ::close(fd_);
        ::unlink(path_.c_str());
    }
    void commit(const std::string& bytes, unsigned group) {
        if (::write(fd_, bytes.data(), bytes.size()) < 0)
            throw std::runtime_error("floor.log cannot be written");
        if (++pending_ < group) return;
        pending_ = 0;
        if (::fdatasync(fd_) != 0) throw std::runtime_error("floor.log cannot be synced");
    }

  private:
    std::string path_;
    int fd_;
    unsigned pending_ = 0;
};

// Signs where it is asked: a hop to a pool is the node's own.
class key_at_hand final : public crypto::signer {
  public:
    explicit key_at_hand(const told& with) {
        problems found;
        key_ = crypto::load_signing_key("k", {"k", with.key, with.certificate}, {},
                                        machine_clock().now(), found);
        if (!key_) throw std::runtime_error("the signing key cannot be loaded");
    }
    awaitable<result<std::string>> sign(std::string, std::string bytes) override {
        co_return sign_now(bytes);
    }
    result<std::string> sign_now(const std::string& bytes) const {
        return key_->ready.sign(crypto::sha256_of(bytes));
    }
    std::string certificate(std::string_view) const override { return key_->certificate.der(); }

  private:
    std::shared_ptr<const crypto::signing_key> key_;
};

class parts {
  public:
    parts(const told& with)
        : certificate_{crypto::from_memory(padded_sample(with))},
          tls_{with.certificate, with.key},
          log_{with.folder},
          key_{with} {
        policy_.signers = *crypto::certificate::from_pem_file(with.certificate);
        write();
        sign();
        assemble();
    }

    void parse_and_check() {
        crypto::xml::skeleton_options options;
        options.slotted_families = sps::attachment_elements();
        const auto skeleton = crypto::xml::read_skeleton(certificate_, options);
        checked_ += sps::validate(skeleton, {"CN", {}}).found.size();
    }
    void write() {  // escape, canonicalise, digest
        crypto::xml::parts inside{"<n:Deliver xmlns:n=\"urn:ecert:node:1\"><n:Content>",
                                  crypto::xml::spliced{certificate_, crypto::xml::encoding::text},
                                  "</n:Content></n:Deliver>"};
        body_ = soap::make_body(soap::version::v1_2, std::move(inside));
        headers_ = soap::write_addressing({"urn:uuid:00000000-0000-5000-8000-000000000000", "NZ",
                                           "urn:ecert:node:1:Deliver", ""});
    }
    void sign() {
        std::vector<crypto::wss::signed_part> signed_parts{body_.part()};
        for (const auto& h : headers_) signed_parts.push_back(h.part);
        auto task = crypto::wss::make_security_header(signed_parts, key_, "k",
                                                      machine_clock().now(), duration{300000},
                                                      "http://www.w3.org/2003/05/soap-envelope");
        boost::asio::io_context loop;
        auto done = boost::asio::co_spawn(loop, std::move(task), boost::asio::use_future);
        loop.run();
        security_ = *done.get();
    }
    void rsa() {  // nothing but the signature
        if (!key_.sign_now("what is signed")) throw std::runtime_error("the key does not sign");
    }
    void assemble() {
        auto made = soap::assemble(soap::version::v1_2, headers_, security_, body_);
        message_ = crypto::xml::to_string(made.parts, 64 * mib);
    }
    void
    verify() {  // at the far side: read, canonicalise, digest, verify, then read what was inside
        crypto::xml::message_options options;
        options.content = {{"urn:ecert:node:1", "Content"}};
        const auto read = soap::read(crypto::from_memory(message_), soap::version::v1_2, options);
        if (!read) throw std::runtime_error(read.error().text);
        const auto proven = crypto::wss::verify(read->message, policy_, machine_clock().now());
        if (!proven) throw std::runtime_error(proven.error().code + " " + proven.error().text);
    }
    void travel() {  // agency to node, node to partner, and the two replies
        tls_.send(*certificate_->in_memory());
        tls_.reply(std::string(500, 'r'));
        tls_.send(message_);
        tls_.reply(std::string(4000, 'r'));
    }
    void commit() {  // accepted here, applied here, stored there
        log_.commit(*certificate_->in_memory(), 32);
        log_.commit(std::string(1000, 'o'), 32);
        log_.commit(*certificate_->in_memory(), 32);
    }

  private:
    crypto::source_ptr certificate_;
    bench::tls_pair tls_;
    log_file log_;
    key_at_hand key_;
    crypto::wss::verify_policy policy_;
    soap::body body_;
    std::vector<soap::written_header> headers_;
    std::string security_, message_;
    std::size_t checked_ = 0;
};

using part = std::pair<const char*, std::function<void()>>;

// Every part is timed where it stands, in one loop over all of them: with the caches as the others
// leave them, as they are in a node. What the sum lacks of the whole is the reading of the clock.
boost::json::object timed(unsigned rounds, const std::vector<part>& all) {
    std::vector<steady::duration> spent(all.size());
    const auto round = [&] {
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto began = steady::now();
            all[i].second();
            spent[i] += steady::now() - began;
        }
    };
    for (unsigned i = 0; i < rounds / 10; ++i) round();
    spent.assign(all.size(), {});
    const auto began = steady::now();
    for (unsigned i = 0; i < rounds; ++i) round();
    const auto microseconds = [&](steady::duration of) {
        return std::chrono::duration<double, std::micro>(of).count() / rounds;
    };
    const auto whole = microseconds(steady::now() - began);
    boost::json::object parts;
    double sum = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        parts[all[i].first] = microseconds(spent[i]);
        sum += microseconds(spent[i]);
    }
    return {{"parts_us", parts}, {"sum_us", sum}, {"whole_us", whole}};
}

void run(const told& with) {
    const crypto::xml::library xml;
    parts p(with);
    const std::vector<part> all{{"parse and check", [&] { p.parse_and_check(); }},
                                {"canonicalise and digest", [&] { p.write(); }},
                                {"sign (RSA-2048)", [&] { p.sign(); }},
                                {"assemble", [&] { p.assemble(); }},
                                {"TLS, two hops", [&] { p.travel(); }},
                                {"read and verify at the far side", [&] { p.verify(); }},
                                {"parse and check there", [&] { p.parse_and_check(); }},
                                {"share of fsyncs", [&] { p.commit(); }}};
    auto told = timed(with.rounds, all);
    const auto alone = timed(with.rounds, {{"RSA-2048 alone", [&] { p.rsa(); }}});
    told["rsa_us"] = alone.at("whole_us");
    std::cout << boost::json::serialize(told) << '\n';
}

}  // namespace

int main(int count, char** words) {
    told with;
    CLI::App app{"What cannot be avoided for one certificate."};
    app.add_option("--sample", with.sample, "a certificate with @NUMBER@ and @PAD@")->required();
    app.add_option("--key", with.key, "PEM, RSA-2048")->required();
    app.add_option("--certificate", with.certificate, "PEM of that key")->required();
    app.add_option("--folder", with.folder, "where files are synced");
    app.add_option("--size", with.size);
    app.add_option("--rounds", with.rounds);
    CLI11_PARSE(app, count, words);
    try {
        run(with);
        return 0;
    } catch (const std::exception& e) {
        std::cerr << "floor-bench: " << e.what() << '\n';
        return 2;
    }
}
