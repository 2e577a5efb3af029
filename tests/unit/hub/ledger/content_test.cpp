#include "hub/ledger/sqlite/content.hpp"

#include "tests/unit/hub/ledger/ledger_in_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace ecert::hub::sqlite {
namespace {

// Says in which order the calls came.
class recording_disk final : public disk {
  public:
    std::unique_ptr<file> create(const std::filesystem::path& at) override {
        calls += "create ";
        return std::make_unique<recording_file>(*this, machine_disk().create(at));
    }
    void rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
        calls += "rename ";
        machine_disk().rename(from, to);
    }
    void sync_folder(const std::filesystem::path&) override {
        if (folder_syncs_fail)
            throw std::system_error{EIO, std::generic_category(), "syncing the folder"};
        calls += "sync-folder ";
    }
    std::string calls;
    bool folder_syncs_fail = false;

  private:
    class recording_file final : public file {
      public:
        recording_file(recording_disk& by, std::unique_ptr<file> real)
            : by_{by}, real_{std::move(real)} {}
        void write(std::string_view bytes) override {
            if (!by_.calls.ends_with("write ")) by_.calls += "write ";
            real_->write(bytes);
        }
        void sync() override {
            by_.calls += "sync ";
            real_->sync();
        }

      private:
        recording_disk& by_;
        std::unique_ptr<file> real_;
    };
};

// A source that lies about its digest.
class liar final : public crypto::source {
  public:
    explicit liar(std::string bytes) : bytes_{std::move(bytes)} {}
    std::uint64_t size() const override { return bytes_.size(); }
    const crypto::sha256& digest() const override { return digest_; }
    std::size_t read(std::uint64_t offset, std::span<char> into) const override {
        return bytes_.copy(into.data(), into.size(), offset);
    }

  private:
    std::string bytes_;
    crypto::sha256 digest_ = crypto::sha256_of("something else");
};

class content_store : public ledger_in_folder {
  protected:
    content_store() {
        std::filesystem::create_directories(folder_.path());
        files_.emplace(folder_.path(), 1000, disk_, nullptr);
    }
    recording_disk disk_;
    std::optional<content_files> files_;
};

TEST_F(content_store, the_name_appears_only_when_the_bytes_are_durable) {
    const auto big = crypto::from_memory(std::string(5000, 'x'));
    const auto ready = files_->prepare(big);
    ASSERT_TRUE(ready);
    EXPECT_TRUE(ready->is_file);
    EXPECT_EQ(disk_.calls, "create write sync rename sync-folder sync-folder ");
    disk_.calls.clear();
    EXPECT_TRUE(files_->prepare(big));
    EXPECT_EQ(disk_.calls, "sync-folder sync-folder ") << "known by its digest";
}

TEST_F(content_store, a_folder_that_could_not_be_synced_is_synced_before_its_file_is_relied_on) {
    const auto big = crypto::from_memory(std::string(5000, 'x'));
    disk_.folder_syncs_fail = true;
    for (int again = 0; again < 2; ++again) {
        const auto refused = files_->prepare(big);
        ASSERT_FALSE(refused) << "its name may not survive a power loss";
        EXPECT_EQ(refused.error().kind, failure_kind::unavailable);
    }
    disk_.folder_syncs_fail = false;
    disk_.calls.clear();
    EXPECT_TRUE(files_->prepare(big));
    EXPECT_EQ(disk_.calls, "sync-folder sync-folder ");
}

TEST_F(content_store, bytes_that_do_not_have_their_digest_are_refused) {
    for (std::size_t size : {10u, 5000u}) {
        const auto refused = files_->prepare(std::make_shared<liar>(std::string(size, 'x')));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().kind, failure_kind::invalid);
    }
    EXPECT_FALSE(std::filesystem::exists(files_->path_of(crypto::sha256_of("something else"))));
}

TEST_F(content_store, a_damaged_file_is_set_aside_and_the_bytes_are_written_anew) {
    const auto big = crypto::from_memory(std::string(5000, 'x'));
    const auto path = files_->path_of(big->digest());
    std::vector<std::string> told;
    files_->when_damaged([&](std::string text) { told.push_back(std::move(text)); });
    ASSERT_TRUE(files_->prepare(big));
    for (const std::string torn : {"torn", "torn again"}) {
        std::ofstream{path} << torn;
        EXPECT_TRUE(files_->prepare(big));
        EXPECT_EQ(std::filesystem::file_size(path), 5000u);
    }
    const auto bytes_of = [&](const char* suffix) {
        auto aside = path;
        std::ifstream file{aside += suffix};
        return std::string{std::istreambuf_iterator<char>{file}, {}};
    };
    EXPECT_EQ(bytes_of(".damaged"), "torn") << "it may be evidence";
    EXPECT_EQ(bytes_of(".damaged-2"), "torn again");
    ASSERT_EQ(told.size(), 2u);
    EXPECT_NE(told[0].find(big->digest().hex()), std::string::npos);
}

TEST_F(content_store, damage_is_alerted_and_what_was_set_aside_survives_the_sweep) {
    auto s = settings();
    s.file_threshold = 100;
    auto books = open(s);
    const std::string bytes(5000, 'k');
    take_in(*books, push("A/1", bytes));
    const content_files in_ledger{folder_.path() / "content", 100, disk_, nullptr};
    const auto path = in_ledger.path_of(crypto::sha256_of(bytes));
    std::ofstream{path} << "torn";
    const auto again = offer(*books, push("A/1", bytes));
    EXPECT_TRUE(std::get<accepted>(*again).repeat);
    close(books);
    books = open(s);
    EXPECT_EQ(crypto::read_all(**run(books->content(crypto::sha256_of(bytes))), mib), bytes);
    auto aside = path;
    EXPECT_TRUE(std::filesystem::exists(aside += ".damaged"));
    connection db{file(), access::read_only};
    auto q = db.prepare("SELECT count(*) FROM event WHERE kind = 'alert' AND detail LIKE ?",
                        "%content-damaged%");
    ASSERT_TRUE(q.step());
    EXPECT_EQ(q.integer(0), 1);
}

TEST_F(content_store, what_was_put_stays_though_no_certificate_names_it) {
    auto s = settings();
    s.file_threshold = 100;
    auto books = open(s);
    for (const std::size_t size : {10u, 5000u})  // an outcome that nobody could read, say
        EXPECT_TRUE(run(books->put(crypto::from_memory(std::string(size, 'u')))));
    close(books);
    books = open(s);
    for (const std::size_t size : {10u, 5000u})
        EXPECT_TRUE(run(books->content(crypto::sha256_of(std::string(size, 'u')))));
}

TEST_F(content_store, orphans_are_swept_at_open_and_what_is_named_stays) {
    auto s = settings();
    s.file_threshold = 100;
    auto books = open(s);
    const accepted kept = take_in(*books, push("A/1", std::string(5000, 'k')));
    const auto thrower = [](const acceptance&) -> std::string { throw std::runtime_error{"no"}; };
    EXPECT_FALSE(run(books->accept(push("A/2", std::string(5000, 'o')), thrower)));
    const content_files in_ledger{folder_.path() / "content", 100, disk_, nullptr};
    const auto orphan = in_ledger.path_of(crypto::sha256_of(std::string(5000, 'o')));
    EXPECT_TRUE(std::filesystem::exists(orphan));
    close(books);
    std::ofstream{orphan.parent_path() / "unfinished.part"} << "half";
    books = open(s);
    EXPECT_FALSE(std::filesystem::exists(orphan));
    EXPECT_FALSE(std::filesystem::exists(orphan.parent_path() / "unfinished.part"));
    const auto seen = run(books->certificate(kept.certificate, ""));
    EXPECT_TRUE(run(books->content(seen->digest)));
}

}  // namespace
}  // namespace ecert::hub::sqlite
