#include "hub/ledger/sqlite/sqlite_ledger.hpp"

#include "config/log.hpp"
#include "hub/ledger/sqlite/piece.hpp"
#include "hub/ledger/sqlite/recovery.hpp"
#include "hub/ledger/sqlite/views.hpp"

#include <utility>

namespace ecert::hub::sqlite {
namespace {

constexpr std::chrono::milliseconds view_deadline{1000};
constexpr std::chrono::milliseconds dispatch_deadline{5000};
constexpr unsigned audited_at_once = 20'000;
constexpr std::string_view content_damaged = "content-damaged";

}  // namespace

sqlite_ledger::sqlite_ledger(ledger_parts parts, const sqlite_settings& settings)
    : lock_{std::move(parts.lock)},
      files_{std::move(parts.files)},
      checkpoints_{parts.file, settings.vfs, settings.reached},
      writer_{std::move(parts.db), std::move(parts.in), {.group = settings.group}},
      people_{parts.file, settings.readers, view_deadline, settings.vfs},
      dispatch_{parts.file, 1, dispatch_deadline, settings.vfs} {
    files_.when_damaged([this, &time = parts.time](std::string text) {
        tell_damaged(std::move(text), time.now());
    });
}

// By an event of its own: whatever becomes of the push that found it, it was found.
void sqlite_ledger::tell_damaged(std::string text, time_point at) {
    auto event = [text, at](transaction& t) {
        piece nothing;
        alert(t, nothing, {at, "hub", {}}, content_damaged, text);
    };
    auto in_the_log_alone = [text](const failure& why) {
        log::write(log::level::error, "alert",
                   {{"alert", content_damaged},
                    {"text", std::string_view{text}},
                    {"not_in_the_ledger", std::string_view{why.text}}});
    };
    writer_.post(std::move(event), std::move(in_the_log_alone));
}

awaitable<result<ready_content>> sqlite_ledger::ready(crypto::source_ptr of) {
    if (!files_.needs_preparing(*of)) co_return ready_content{.of = std::move(of)};
    auto prepare = [this, of = std::move(of)] { return files_.prepare(of); };
    co_return co_await on_pool(disk_, std::move(prepare));
}

awaitable<result<accept_result>> sqlite_ledger::accept(accept_request what,
                                                       receipt_writer receipt) {
    auto content = co_await ready(what.content);
    if (!content) co_return content.error();
    std::optional<ready_content> translated;
    if (what.translation) {
        auto prepared = co_await ready(what.translation);
        if (!prepared) co_return prepared.error();
        translated = std::move(*prepared);
    }
    auto verb = [what = std::move(what), receipt = std::move(receipt),
                 content = *std::move(content),
                 translated = std::move(translated)](transaction& t) {
        return sqlite::accept(t, what, content, translated, receipt);
    };
    co_return co_await writer_.submit<accept_result>(urgency::taking_in, std::move(verb));
}

awaitable<result<arrived>> sqlite_ledger::arrive(arrival what) {
    auto content = co_await ready(what.content);
    if (!content) co_return content.error();
    auto verb = [what = std::move(what), content = *std::move(content)](transaction& t) {
        return sqlite::arrive(t, what, content);
    };
    co_return co_await writer_.submit<arrived>(urgency::taking_in, std::move(verb));
}

awaitable<result<applied>> sqlite_ledger::fetched(queue::outcome o, fetched_arrival what,
                                                  work_policy by, time_point now, double jitter) {
    result<ready_content> content{ready_content{}};
    if (what.what.content) content = co_await ready(what.what.content);
    if (!content) co_return content.error();
    auto verb = [o = std::move(o), what = std::move(what), content = *std::move(content),
                 by = std::move(by), now, jitter](transaction& t) {
        return sqlite::fetched(t, o, what, content, by, now, jitter);
    };
    co_return co_await writer_.submit<applied>(urgency::settling, std::move(verb));
}

awaitable<result<void>> sqlite_ledger::put(crypto::source_ptr of) {
    auto content = co_await ready(std::move(of));
    if (!content) co_return content.error();
    auto verb = [content = *std::move(content)](transaction& t) -> result<void> {
        keep(t, content);
        return {};
    };
    co_return co_await writer_.submit<void>(urgency::settling, std::move(verb));
}

awaitable<result<crypto::source_ptr>> sqlite_ledger::content(crypto::sha256 digest) {
    auto look = [this, digest](connection& db) -> result<crypto::source_ptr> {
        auto stored = load_content(db, digest, ~std::uint64_t{0} >> 1);
        if (!stored) return failure{failure_kind::not_found, "there is no such content"};
        if (stored->file)
            return crypto::from_file(files_.path_of(digest), stored->size, digest, false);
        auto bytes = crypto::from_memory(*std::move(stored->bytes));
        if (bytes->digest() != digest)
            return failure{failure_kind::internal, "content " + digest.hex() +
                                                       " is damaged in the ledger: restore it "
                                                       "from a backup"};
        return bytes;
    };
    co_return co_await dispatch_.read<crypto::source_ptr>(std::move(look));
}

awaitable<result<audit_result>> sqlite_ledger::audit() {
    audit_result so_far;
    audit_position at;
    for (bool more = true; more;) {
        auto some = [at, so_far](connection& db) mutable
            -> result<std::pair<std::pair<audit_position, audit_result>, bool>> {
            const bool rest = audit_some(db, at, audited_at_once, so_far);
            return std::pair{std::pair{at, so_far}, rest};
        };
        auto done = co_await people_.read<std::pair<std::pair<audit_position, audit_result>, bool>>(
            std::move(some));
        if (!done) co_return done.error();
        at = done->first.first;
        so_far = done->first.second;
        more = done->second;
    }
    co_return so_far;
}

awaitable<void> sqlite_ledger::close() {
    auto last = [](transaction& t) -> result<void> {
        mark_clean(t);
        return {};
    };
    co_await writer_.close(std::move(last));
}

}  // namespace ecert::hub::sqlite
