#include "hub/ecertctl/command_line.hpp"

#include "hub/ecertctl/acts.hpp"
#include "hub/ecertctl/agency.hpp"
#include "hub/ecertctl/check.hpp"
#include "hub/ecertctl/node.hpp"
#include "hub/ecertctl/queue.hpp"
#include "hub/ecertctl/work.hpp"
#include "hub/ecertctl/workers.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

namespace ecert::ctl {
namespace {

constexpr auto footer =
    "Exit codes: 0 done, 1 refused or not found, 2 wrong command line, 3 the node cannot be "
    "reached or cannot answer "
    "now,\n4 the audit trail is broken or the configuration is wrong.";

constexpr auto id_of_work = "Id of a delivery, a certificate or an inbound certificate";

// Everything that can be said, filled by the parser; `chosen` is what to do with it.
struct words_said {
    list_wish list;
    agency_door door;
    submission push;
    retrieval get;
    rebuild_wish rebuild;
    std::string id, reason;
    std::filesystem::path configuration = "/etc/ecert";
    std::function<exit_code()> chosen;
};

void add_operator_commands(CLI::App& app, session& s, words_said& w) {
    auto* status = app.add_subcommand(
        "status", "The node; or one piece of work: who holds it, since when, what comes next");
    status->add_option("id", w.id, id_of_work + std::string{", or certificate number"});
    status->callback(
        [&] { w.chosen = [&] { return w.id.empty() ? show_node(s) : show_work(s, w.id); }; });

    auto* list = app.add_subcommand(
        "list",
        "What partners are owed (certificates, our answers): unfinished first, oldest first");
    list->add_option("--state", w.list.state,
                     "waiting, queued, sent, delivered, acknowledged, rejected, offered, refused, "
                     "parked, held or cancelled");
    list->add_option("--verb", w.list.verb,
                     "deliver (certificates), respond (our answers), list, fetch or confirm");
    list->add_option("--partner", w.list.partner, "Of this partner");
    list->add_option("--number", w.list.number, "Of this certificate number");
    list->add_flag("--all", w.list.all, "Every page");
    list->callback([&] { w.chosen = [&] { return list_work(s, w.list); }; });

    auto* events = app.add_subcommand("events", "Everything that happened to a certificate");
    events->add_option("id", w.id, id_of_work)->required();
    events->callback([&] { w.chosen = [&] { return show_events(s, w.id); }; });

    const std::pair<const char*, const char*> acts[] = {
        {"retry", "Reopen what is refused or parked, or try now: same id, next attempt"},
        {"hold", "Keep it here until it is released"},
        {"release", "Let go of what is held"},
        {"cancel", "Never send it"}};
    for (const auto& [verb, what] : acts) {
        auto* act = app.add_subcommand(verb, what);
        act->add_option("id", w.id, id_of_work)->required();
        act->add_option("--reason", w.reason, "Why; it is audited")->required();
        act->callback([&, name = std::string{verb}] {
            w.chosen = [&, name] { return act_on_work(s, name, w.id, w.reason); };
        });
    }
}

void add_queue_commands(CLI::App& app, session& s, words_said& w) {
    auto* queue = app.add_subcommand(
        "queue", "What waits for workers: the ledger's figures beside the broker's");
    queue->callback([&, queue] {
        if (queue->get_subcommands().empty()) w.chosen = [&] { return show_queue(s); };
    });
    auto* rebuild = queue->add_subcommand(
        "rebuild", "Delete queues and declare them anew while others use them; nothing is lost");
    rebuild->add_option("partners", w.rebuild.partners, "Of these partners");
    rebuild->add_flag("--outcomes", w.rebuild.outcomes, "The queue of outcomes");
    rebuild->add_flag("--all", w.rebuild.all, "Every queue");
    rebuild->add_option("--reason", w.reason, "Why; it is audited")->required();
    rebuild->callback([&] {
        if (w.rebuild.partners.empty() && !w.rebuild.outcomes && !w.rebuild.all)
            throw CLI::ValidationError{"queue rebuild", "name partners, --outcomes or --all"};
        w.chosen = [&] { return rebuild_queue(s, w.rebuild, w.reason); };
    });
}

void add_node_commands(CLI::App& app, session& s, words_said& w) {
    app.add_subcommand("workers", "Worker hosts: whom they serve, and what is wrong with them")
        ->callback([&] { w.chosen = [&] { return show_workers(s); }; });
    app.add_subcommand("channels", "Channels: in flight, circuit, hours, last failure")
        ->callback([&] { w.chosen = [&] { return show_channels(s); }; });
    app.add_subcommand("reload",
                       "Read the configuration anew; what is wrong leaves the old one in force")
        ->callback([&] { w.chosen = [&] { return reload_configuration(s); }; });
    auto* audit = app.add_subcommand("audit", "The chain of events");
    audit->require_subcommand(1);
    audit->add_subcommand("verify", "Prove that no event was changed or taken away")->callback([&] {
        w.chosen = [&] { return verify_audit(s); };
    });
    auto* config = app.add_subcommand("config", "The configuration folder");
    config->require_subcommand(1);
    auto* check =
        config->add_subcommand("check", "Everything that is wrong, at once; the node need not run");
    check->add_option("--config", w.configuration, "The folder")->capture_default_str();
    check->callback([&] { w.chosen = [&] { return check_configuration(s, w.configuration); }; });
}

void add_door(CLI::App& to, agency_door& door) {
    to.add_option("--url", door.url,
                  "The node's agency listener, such as https://ecert.example.org:8441")
        ->envname("ECERT_URL")
        ->required();
    to.add_option("--cert", door.certificate, "PEM: the agency's certificate")
        ->envname("ECERT_CERT")
        ->required();
    to.add_option("--key", door.key, "PEM: its key")->envname("ECERT_KEY")->required();
    to.add_option("--ca", door.ca, "PEM: CA of the node's certificate")
        ->envname("ECERT_CA")
        ->required();
}

void add_agency_commands(CLI::App& app, session& s, words_said& w) {
    auto* push = app.add_subcommand("submit", "As an agency: push certificates");
    push->add_option("files", w.push.files, "One certificate each")
        ->required()
        ->check(CLI::ExistingFile);
    add_door(*push, w.door);
    push->add_option("--to", w.push.to, "Partner; default: the import country");
    push->add_option("--idempotency-key", w.push.idempotency_key,
                     "The same key never makes a second certificate");
    push->add_option("--supersedes", w.push.supersedes,
                     "Id of the certificate that this one takes the place of");
    push->callback([&] {
        if (w.push.files.size() > 1 &&
            !(w.push.idempotency_key.empty() && w.push.supersedes.empty()))
            throw CLI::ValidationError{"--idempotency-key and --supersedes", "are for one file"};
        w.chosen = [&] { return submit(s, w.door, w.push); };
    });

    auto* get = app.add_subcommand("get", "As an agency: what became of a certificate");
    get->add_option("id", w.get.id, "Certificate id")->required();
    add_door(*get, w.door);
    get->add_flag("--events", w.get.events, "Everything that happened to it");
    get->add_option("--content", w.get.content, "Write the certificate's bytes to this file");
    get->callback([&] { w.chosen = [&] { return retrieve(s, w.door, w.get); }; });
}

}  // namespace

exit_code run_command_line(session& s, std::span<const std::string> words) {
    words_said said;
    CLI::App app{"Asks and operates an e-Cert node.", "ecertctl"};
    app.fallthrough();
    app.require_subcommand(1);
    app.footer(footer);
    app.add_option("--socket", s.socket, "The operators' socket")
        ->envname("ECERT_SOCKET")
        ->capture_default_str();
    app.add_flag("--json", s.json, "Print the node's JSON as it came");
    add_operator_commands(app, s, said);
    add_node_commands(app, s, said);
    add_queue_commands(app, s, said);
    add_agency_commands(app, s, said);
    try {
        std::vector<std::string> backwards{words.rbegin(), words.rend()};
        app.parse(std::move(backwards));
    } catch (const CLI::ParseError& wrong) {
        return app.exit(wrong, s.out, s.err) == 0 ? exit_code::ok : exit_code::usage;
    }
    return said.chosen();
}

}  // namespace ecert::ctl
