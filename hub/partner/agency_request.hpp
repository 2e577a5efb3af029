// One request of an agency over SOAP, as its verb's function gets it. Agencies stand where partners
// stand at the other door: they deliver for our node, and fetch what arrived for them.
#pragma once

#include "hub/ingest/agency_call.hpp"
#include "hub/partner/answer.hpp"

namespace ecert::hub {

struct agency_request {
    agency_call& call;
    engine::tools with;
    engine::channel_ptr over;
    engine::served asked;
    const http::request_head& head;
    reply_to back() const { return {with, over, asked}; }
    hub::ledger& ledger() const { return call.parts.ledger; }
};

awaitable<served_answer> agency_deliver(agency_request& request);
awaitable<served_answer> agency_respond(agency_request& request);
awaitable<served_answer> agency_track(agency_request& request);
awaitable<served_answer> agency_list(agency_request& request);
awaitable<served_answer> agency_fetch(agency_request& request);
awaitable<served_answer> agency_confirm(agency_request& request);

// Our code, or the one that we have on a channel: headers that we gave say it so.
bool is_ours(const agency_request& request, const std::string& code);
// From must be ours: an agency speaks for no other country. The fault tells what to mend.
std::optional<engine::fault> hold_sender(const agency_request& request);

// Its own certificate, with the reason where it has come to nothing.
awaitable<engine::told_envelope> told_of_own(agency_request& request, const certificate_view& v);

// All that delivery would find in the certificate that they ask about, whomever it is for.
problems judge_alone(const agency_request& request);

// The partner that an envelope's To means: its name, or its code on its channel. null: nobody.
const partner_settings* partner_addressed(const configuration& all, const std::string& to);

}  // namespace ecert::hub
