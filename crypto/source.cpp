#include "crypto/source.hpp"

#include "crypto/open_file.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <stdexcept>

namespace ecert::crypto {
namespace {

constexpr std::size_t chunk = 64 << 10;
constexpr std::uint64_t kept_in_memory = 1 << 20;

class memory_source final : public source {
  public:
    explicit memory_source(std::string bytes) : bytes_{std::move(bytes)} {}
    std::uint64_t size() const override { return bytes_.size(); }
    const sha256& digest() const override {
        std::call_once(once_, [this] { digest_ = sha256_of(bytes_); });
        return digest_;
    }
    std::size_t read(std::uint64_t offset, std::span<char> into) const override {
        if (offset >= bytes_.size()) return 0;
        return bytes_.copy(into.data(), into.size(), offset);
    }
    const std::string* in_memory() const override { return &bytes_; }

  private:
    std::string bytes_;
    mutable std::once_flag once_;
    mutable sha256 digest_;
};

class file_source final : public source {
  public:
    file_source(open_file file, std::uint64_t size, const sha256& digest,
                std::filesystem::path gone)
        : file_{std::move(file)}, size_{size}, digest_{digest}, unlink_{std::move(gone)} {}
    ~file_source() override {
        std::error_code ignored;
        if (!unlink_.empty()) std::filesystem::remove(unlink_, ignored);
    }
    std::uint64_t size() const override { return size_; }
    const sha256& digest() const override { return digest_; }
    std::size_t read(std::uint64_t offset, std::span<char> into) const override {
        if (offset >= size_) return 0;
        return file_.read(offset, into.first(std::min<std::uint64_t>(into.size(), size_ - offset)));
    }

  private:
    open_file file_;
    std::uint64_t size_;
    sha256 digest_;
    std::filesystem::path unlink_;
};

class pieces_source final : public source {
  public:
    explicit pieces_source(std::vector<piece> pieces) : pieces_{std::move(pieces)} {
        for (const auto& p : pieces_) {
            starts_.push_back(size_);
            size_ += size_of(p);
        }
        std::string buffer(chunk, '\0');
        sha256_digester d;
        for (std::uint64_t at = 0; at < size_;) {
            const auto got = read(at, buffer);
            if (got == 0) throw std::runtime_error("a slice ends before its declared size");
            d.update({buffer.data(), got});
            at += got;
        }
        digest_ = std::move(d).finish();
    }
    std::uint64_t size() const override { return size_; }
    const sha256& digest() const override { return digest_; }
    std::size_t read(std::uint64_t offset, std::span<char> into) const override {
        if (offset >= size_) return 0;
        const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
        const auto index = static_cast<std::size_t>(after - starts_.begin()) - 1;
        const auto inside = offset - starts_[index];
        const auto& p = pieces_[index];
        if (const auto* text = std::get_if<std::string>(&p))
            return text->copy(into.data(), into.size(), inside);
        const auto& s = std::get<slice>(p);
        const auto most = std::min<std::uint64_t>(into.size(), s.size - inside);
        return s.of->read(s.offset + inside, into.first(most));
    }

    static std::uint64_t size_of(const piece& p) {
        const auto* text = std::get_if<std::string>(&p);
        return text != nullptr ? text->size() : std::get<slice>(p).size;
    }

  private:
    std::vector<piece> pieces_;
    std::vector<std::uint64_t> starts_;
    std::uint64_t size_ = 0;
    sha256 digest_;
};

// One string, where that is cheap: all pieces are small and in memory.
std::optional<std::string> joined(const std::vector<piece>& pieces) {
    std::uint64_t size = 0;
    for (const auto& p : pieces) {
        size += pieces_source::size_of(p);
        const auto* s = std::get_if<slice>(&p);
        if (size > kept_in_memory || (s != nullptr && s->of->in_memory() == nullptr))
            return std::nullopt;
    }
    std::string out;
    out.reserve(size);
    for (const auto& p : pieces) {
        const auto* s = std::get_if<slice>(&p);
        if (s == nullptr) {
            out += std::get<std::string>(p);
            continue;
        }
        const auto& whole = *s->of->in_memory();
        if (s->offset > whole.size() || s->size > whole.size() - s->offset)
            throw std::runtime_error("a slice ends before its declared size");
        out.append(whole, s->offset, s->size);
    }
    return out;
}

}  // namespace

source_ptr from_memory(std::string bytes) {
    return std::make_shared<memory_source>(std::move(bytes));
}

source_ptr from_file(const std::filesystem::path& file, std::uint64_t size, const sha256& digest,
                     bool unlink_when_done) {
    return std::make_shared<file_source>(open_file::existing(file), size, digest,
                                         unlink_when_done ? file : std::filesystem::path{});
}

source_ptr from_pieces(std::vector<piece> pieces) {
    if (auto small = joined(pieces)) return from_memory(std::move(*small));
    return std::make_shared<pieces_source>(std::move(pieces));
}

struct spool::state {
    std::filesystem::path folder;
    std::uint64_t threshold = 0;
    std::string held;  // all there is, or, once there is a file, what it does not have yet
    std::optional<open_file> file;
    std::uint64_t in_file = 0;
    sha256_digester digest;

    void flush() {
        digest.update(held);
        file->append(held);
        in_file += held.size();
        held.clear();
    }
};

spool::spool(std::filesystem::path folder, std::uint64_t threshold)
    : state_{std::make_unique<state>()} {
    state_->folder = std::move(folder);
    state_->threshold = threshold;
}

spool::~spool() = default;
spool::spool(spool&&) noexcept = default;

void spool::write(std::string_view bytes) {
    state_->held.append(bytes);
    if (!state_->file) {
        if (state_->held.size() <= state_->threshold) return;
        state_->file = open_file::nameless(state_->folder);
    }
    if (state_->held.size() >= chunk) state_->flush();
}

std::uint64_t spool::size() const { return state_->in_file + state_->held.size(); }

source_ptr spool::finish() && {
    if (!state_->file) return from_memory(std::move(state_->held));
    state_->flush();
    return std::make_shared<file_source>(std::move(*state_->file), state_->in_file,
                                         std::move(state_->digest).finish(),
                                         std::filesystem::path{});
}

std::string read_all(const source& from, std::uint64_t limit) {
    if (from.size() > limit)
        throw std::length_error("content of " + std::to_string(from.size()) +
                                " bytes where at most " + std::to_string(limit) + " may be");
    if (const auto* all = from.in_memory()) return *all;
    std::string out(from.size(), '\0');
    std::size_t have = 0;
    while (have < out.size()) {
        const auto got = from.read(have, std::span<char>{out}.subspan(have));
        if (got == 0) throw std::runtime_error("content ends before its declared size");
        have += got;
    }
    return out;
}

}  // namespace ecert::crypto
