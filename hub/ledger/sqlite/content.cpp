#include "hub/ledger/sqlite/content.hpp"

#include <fmt/format.h>

#include <array>
#include <system_error>
#include <vector>

namespace ecert::hub::sqlite {
namespace {

constexpr std::size_t chunk = 256 * 1024;
constexpr const char* unfinished = ".part";
constexpr const char* damaged = ".damaged";

crypto::sha256 digest_of(const crypto::source& of) {
    crypto::sha256_digester digest;
    std::vector<char> buffer(chunk);
    for (std::uint64_t at = 0; at < of.size();) {
        const std::size_t got = of.read(at, buffer);
        if (got == 0) break;
        digest.update({buffer.data(), got});
        at += got;
    }
    return std::move(digest).finish();
}

bool holds(const std::filesystem::path& file, const crypto::source& what) {
    if (std::filesystem::file_size(file) != what.size()) return false;
    return digest_of(*crypto::from_file(file, what.size(), what.digest(), false)) == what.digest();
}

failure mismatch(const crypto::sha256& claimed) {
    return {failure_kind::invalid,
            fmt::format("the content does not have the digest {} it came with: it was damaged on "
                        "its way, send it again",
                        claimed.hex())};
}

}  // namespace

content_files::content_files(std::filesystem::path folder, std::uint64_t threshold, disk& calls,
                             std::function<void(const char*)> reached)
    : folder_{std::move(folder)},
      threshold_{threshold},
      calls_{calls},
      reached_{std::move(reached)} {}

bool content_files::needs_preparing(const crypto::source& of) const {
    return of.size() > threshold_ || !of.in_memory();
}

std::filesystem::path content_files::path_of(const crypto::sha256& digest) const {
    const std::string name = digest.hex();
    return folder_ / name.substr(0, 2) / name;
}

result<ready_content> content_files::prepare(crypto::source_ptr of) {
    try {
        if (of->size() <= threshold_) {
            auto bytes = std::make_shared<const std::string>(crypto::read_all(*of, threshold_));
            if (crypto::sha256_of(*bytes) != of->digest()) return mismatch(of->digest());
            return ready_content{std::move(of), std::move(bytes), false};
        }
        const auto path = path_of(of->digest());
        if (std::filesystem::exists(path) && !holds(path, *of)) set_aside(path);
        if (!std::filesystem::exists(path) && !write_durably(*of, path))
            return mismatch(of->digest());
        // Whoever made this folder or gave this name may have failed before they were durable.
        calls_.sync_folder(path.parent_path());
        calls_.sync_folder(folder_);
        return ready_content{std::move(of), nullptr, true};
    } catch (const std::system_error& e) {
        return failure{failure_kind::unavailable,
                       fmt::format("content could not be stored: {}", e.what())};
    }
}

// What stands under a certificate's name may be the evidence of one that was accepted: it is kept
// for people, under another name, and told.
void content_files::set_aside(const std::filesystem::path& file) {
    auto aside = file;
    aside += damaged;
    for (int n = 2; std::filesystem::exists(aside); ++n) {
        aside = file;
        aside += fmt::format("{}-{}", damaged, n);
    }
    calls_.rename(file, aside);
    calls_.sync_folder(file.parent_path());
    if (when_damaged_)
        when_damaged_(
            fmt::format("content {} was damaged on the disk; what was there is kept as "
                        "{}, and the same bytes, pushed again, take its place: look at "
                        "the disk",
                        file.filename().string(), aside.string()));
}

// The final name appears only when every byte behind it is durable and read back. False: the bytes
// do not have the digest they came with.
bool content_files::write_durably(const crypto::source& of, const std::filesystem::path& to) {
    if (reached_) reached_("before-content-file");
    std::filesystem::create_directories(to.parent_path());
    auto part = to;
    part += unfinished;
    {
        auto file = calls_.create(part);
        std::vector<char> buffer(chunk);
        for (std::uint64_t at = 0; at < of.size();) {
            const std::size_t got = of.read(at, buffer);
            if (got == 0) break;
            file->write({buffer.data(), got});
            at += got;
        }
        file->sync();
    }
    if (!holds(part, of)) {
        std::filesystem::remove(part);
        return false;
    }
    calls_.rename(part, to);
    if (reached_) reached_("after-content-file");
    return true;
}

unsigned content_files::sweep(connection& db) {
    unsigned removed = 0;
    std::error_code gone;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
        if (!entry.is_regular_file()) continue;
        const std::string name = entry.path().filename().string();
        if (name.find(damaged) != std::string::npos) continue;  // for people to look at
        const auto digest = crypto::sha256::from_hex(name);
        if (digest && has_content(db, *digest)) continue;
        removed += std::filesystem::remove(entry.path(), gone);
    }
    return removed;
}

bool has_content(connection& db, const crypto::sha256& digest) {
    return db.prepare("SELECT 1 FROM content WHERE digest = ?", digest).step();
}

void keep(transaction& t, const ready_content& what) {
    const auto& of = *what.of;
    if (!what.is_file) {
        keep(t, of.digest(), what.bytes ? *what.bytes : *of.in_memory());
    } else {
        t.db.run("INSERT INTO content(digest, size) VALUES(?,?) ON CONFLICT DO NOTHING",
                 of.digest(), of.size());
    }
}

void keep(transaction& t, const crypto::sha256& digest, std::string_view bytes) {
    t.db.run("INSERT INTO content(digest, size, bytes) VALUES(?,?,?) ON CONFLICT DO NOTHING",
             digest, bytes.size(), blob{bytes});
}

std::optional<stored_content> load_content(connection& db, const crypto::sha256& digest,
                                           std::uint64_t most) {
    auto q = db.prepare(
        "SELECT size, bytes IS NULL, CASE WHEN size <= ?2 THEN bytes END FROM content "
        "WHERE digest = ?1",
        digest, most);
    if (!q.step()) return std::nullopt;
    stored_content found;
    q.read(found.size, found.file);
    if (!q.is_null(2)) found.bytes = q.text(2);
    return found;
}

}  // namespace ecert::hub::sqlite
