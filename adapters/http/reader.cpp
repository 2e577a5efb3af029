#include "adapters/http/reader.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <cstring>
#include <variant>
#include <vector>

namespace ecert::http {
namespace {

namespace beast = boost::beast;
using beast::error_code;

// Hands what the parser finds straight to our structs.
template <bool IsRequest>
class collector final : public beast::http::basic_parser<IsRequest> {
  public:
    collector(message_head& into, std::string_view& piece) : head_{&into}, piece_{piece} {
        this->header_limit(head_limit);
        this->body_limit(boost::none);
        this->eager(false);
    }

  private:
    using text = beast::string_view;

    void on_request_impl(beast::http::verb, text method, text target, int version,
                         error_code&) override {
        head_->method = std::string{method};
        head_->target = std::string{target};
        head_->version = static_cast<unsigned>(version);
    }
    void on_response_impl(int status, text, int version, error_code&) override {
        head_->status = status;
        head_->version = static_cast<unsigned>(version);
    }
    void on_field_impl(beast::http::field known, text name, text value,
                       error_code& error) override {
        if (!head_) return;  // a chunked body's trailer adds nothing to a head that was acted on
        if (++count_ > field_limit) error = beast::http::error::header_limit;
        if (known == beast::http::field::transfer_encoding && !beast::iequals(value, "chunked"))
            head_->foreign_coding = true;
        head_->fields.add(std::string{name}, std::string{value});
    }
    void on_header_impl(error_code&) override { head_ = nullptr; }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(text bytes, error_code&) override {
        piece_ = {bytes.data(), bytes.size()};
        return bytes.size();
    }
    void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, text bytes, error_code&) override {
        piece_ = {bytes.data(), bytes.size()};
        return bytes.size();
    }
    void on_finish_impl(error_code&) override {}

    message_head* head_;
    std::string_view& piece_;
    std::size_t count_ = 0;
};

}  // namespace

struct message_reader::state {
    state(transport& t, kind k) : from{t}, of{k} {}

    transport& from;
    kind of;
    std::vector<char> buffer = std::vector<char>(16 * 1024);
    std::size_t begin = 0, end = 0;
    std::string_view piece;
    std::variant<std::monostate, std::unique_ptr<collector<true>>,
                 std::unique_ptr<collector<false>>>
        parser;

    std::size_t available() const { return end - begin; }

    template <class F>
    auto with(F act) const {
        if (of == kind::requests) return act(*std::get<1>(parser));
        return act(*std::get<2>(parser));
    }

    void expect(message_head& into, bool without_body) {
        if (of == kind::requests)
            parser = std::make_unique<collector<true>>(into, piece);
        else
            parser = std::make_unique<collector<false>>(into, piece);
        if (without_body) with([](auto& p) { p.skip(true); });
    }

    // One element further; need_more wants more bytes behind those that are left.
    error_code step() {
        error_code error;
        piece = {};
        const boost::asio::const_buffer input{buffer.data() + begin, available()};
        begin += with([&](auto& p) { return p.put(input, error); });
        return error;
    }

    // Room for more behind what is left; false when that is as much as we ever hold.
    bool make_room() {
        if (begin > 0) {
            std::memmove(buffer.data(), buffer.data() + begin, available());
            end -= begin;
            begin = 0;
        }
        if (end < buffer.size()) return true;
        if (buffer.size() >= head_limit) return false;
        buffer.resize(buffer.size() * 2);
        return true;
    }

    awaitable<io_result> more(steady_point until) {
        const std::span<char> room{buffer.data() + end, buffer.size() - end};
        auto got = co_await from.read_some(room, until);
        end += got.bytes;
        co_return got;
    }

    void finish(message_head& into) const {
        with([&](auto& p) {
            into.keep_alive = p.keep_alive();
            into.chunked = p.chunked();
            if (p.content_length()) into.length = *p.content_length();
        });
    }
};

message_reader::message_reader(transport& from, kind of)
    : state_{std::make_unique<state>(from, of)} {}
message_reader::~message_reader() = default;

namespace {

head_result ended(const io_result& how, bool partly) {
    head_result found{head_end::broken, how.why, how.refused_us, partly};
    if (how.how == io::timed_out) found.how = head_end::timed_out;
    if (how.how == io::end) found.how = partly ? head_end::broken : head_end::closed;
    return found;
}

head_result refused(const error_code& error) {
    const bool large = error == beast::http::error::header_limit;
    return {large ? head_end::too_large : head_end::malformed, error.message(), false, true};
}

}  // namespace

awaitable<head_result> message_reader::head(message_head& into, steady_point first,
                                            std::optional<duration> rest, bool without_body) {
    auto& s = *state_;
    into = {};
    s.expect(into, without_body);
    std::size_t seen = 0;
    bool begun = false;
    auto until = first;
    for (;;) {
        if (s.available() > 0) {
            if (!begun && rest) until = machine_clock().steady() + *rest;
            begun = true;
            const auto before = s.begin;
            const auto error = s.step();
            seen += s.begin - before;
            if (!error && s.with([](auto& p) { return p.is_header_done(); })) {
                s.finish(into);
                co_return head_result{};
            }
            if (error && error != beast::http::error::need_more) co_return refused(error);
        }
        if (seen + s.available() >= head_limit || !s.make_room())
            co_return refused(beast::http::error::header_limit);
        const auto got = co_await s.more(until);
        if (!got.done()) co_return ended(got, begun);
    }
}

awaitable<body_piece> message_reader::body(steady_point until) {
    auto& s = *state_;
    for (;;) {
        if (body_ended()) co_return body_piece{};
        bool hungry = s.available() == 0;
        if (!hungry) {
            const auto error = s.step();
            hungry = error == beast::http::error::need_more;
            if (error && !hungry) co_return body_piece{io::broken, {}, error.message(), true};
            if (!s.piece.empty()) co_return body_piece{io::done, s.piece, {}, false};
        }
        if (!hungry) continue;
        if (!s.make_room())
            co_return body_piece{io::broken, {}, "a chunk's head is too long", true};
        const auto got = co_await s.more(until);
        if (got.how == io::end) {
            error_code cut;
            s.with([&](auto& p) { p.put_eof(cut); });
            if (!cut) co_return body_piece{};
        }
        if (!got.done()) co_return body_piece{got.how, {}, got.why, false};
    }
}

bool message_reader::body_ended() const {
    return state_->parser.index() == 0 || state_->with([](auto& p) { return p.is_done(); });
}

bool message_reader::anything_left() const { return state_->available() > 0; }

}  // namespace ecert::http
