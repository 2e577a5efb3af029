#include "hub/ecertctl/agency_client.hpp"

#include "crypto/digest.hpp"
#include "hub/ecertctl/run.hpp"

#include <fstream>
#include <vector>

namespace ecert::ctl {

result<std::unique_ptr<agency_client>> agency_client::open(const agency_door& door, language in) {
    std::unique_ptr<agency_client> made{new agency_client{door, in}};
    http::client_settings settings;
    settings.endpoint = door.url;
    settings.tls.endpoint = door.url;
    settings.tls.tls_certificate = door.certificate;
    settings.tls.tls_key = door.key;
    settings.tls.tls_ca = door.ca;
    settings.connections = 1;
    settings.spool_folder = std::filesystem::temp_directory_path();
    auto client = http::make_client(made->loop_.get_executor(), std::move(settings), made->work_);
    if (!client) return client.error();
    made->client_ = std::move(*client);
    return made;
}

http::reply_received agency_client::send(http::call what) {
    what.fields.set("Accept-Language", in_ == language::zh ? "zh" : "en");
    what.total = what.reply_timeout = std::chrono::minutes{10};
    return run(loop_, client_->send(std::move(what)));
}

result<crypto::source_ptr> file_as_source(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    crypto::sha256_digester digester;
    std::uint64_t size = 0;
    std::vector<char> block(1 << 16);
    while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0) {
        const auto read = static_cast<std::size_t>(in.gcount());
        digester.update({block.data(), read});
        size += read;
    }
    if (in.bad() || size == 0)
        return failure{failure_kind::not_found, file.string() + ": cannot be read, or is empty"};
    return crypto::from_file(file, size, std::move(digester).finish(), false);
}

}  // namespace ecert::ctl
