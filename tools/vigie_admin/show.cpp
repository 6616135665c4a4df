#include "tools/vigie_admin/show.hpp"

#include "domain/cut.hpp"
#include "domain/worker.hpp"
#include "tools/vigie_admin/figures.hpp"
#include "tools/vigie_admin/terminal.hpp"

#include <cstdio>
#include <utility>

namespace vigie {

namespace {

using rows_t = std::vector<std::vector<std::string>>;

constexpr std::size_t most_abilities = 6;

std::string instant_words(utc_time t) { return rfc3339(t).substr(0, 19) + "Z"; }

std::string abilities(const node_view& n) {
  std::string out;
  std::size_t shown = 0;
  for (auto& a : n.abilities) {
    if (shown++ == most_abilities)
      return out + " …";
    out += (out.empty() ? "" : " ") + shortened(printable(a), 20);
  }
  return out.empty() ? "-" : out;
}

std::string hundredths(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", x);
  return text;
}

std::string node_words(const node_view& n) {
  if (n.draining)
    return "draining";
  if (n.benched.count() > 0)
    return "benched " + brief(n.benched);
  return n.on_trial ? "on trial" : "ready";
}

ink ink_of(const node_view& n) {
  return n.benched.count() > 0      ? ink::bad
         : n.draining || n.on_trial ? ink::warn
                                    : ink::plain;
}

std::string nodes_table(const admin_answer& told, bool colour) {
  rows_t rows{{"NAME", "BOOT", "VERSION", "SLOTS", "WORKING", "FREE", "SILENT",
               "STATE", "ABILITIES"}};
  std::vector<ink> inks{ink::head};
  uint64_t slots = 0;
  for (auto& n : told.nodes) {
    rows.push_back({n.name, cut(printable(n.boot_id), 8),
                    shortened(printable(n.version), 16),
                    std::to_string(n.slots), std::to_string(n.working),
                    std::to_string(n.waiting), brief(n.silent), node_words(n),
                    abilities(n)});
    inks.push_back(ink_of(n));
    slots += n.slots;
  }
  return table(std::move(rows), inks, colour) + "\n"
         + counted(told.nodes.size(), "node") + ", " + counted(slots, "slot")
         + "; " + counted(told.queued, "job") + " queued, "
         + std::to_string(told.leased) + " in work\n";
}

std::string quarantine_table(const admin_answer& told, bool colour) {
  if (told.quarantined.empty())
    return "no file is in quarantine\n";
  rows_t rows{{"BATCH", "ID", "FILE", "SINCE", "STAGE", "REASON"}};
  for (auto& f : told.quarantined)
    rows.push_back({f.batch.text, std::to_string(f.file.n), f.filename,
                    instant_words(f.since), std::string{to_string(f.what)},
                    breakage_in_english(f.reason)});
  return table(std::move(rows), {ink::head}, colour)
         + (told.more ? "\nthere are older ones, which are not shown\n" : "");
}

std::string actors_table(const admin_answer& told, bool colour) {
  rows_t rows{{"KIND", "NODE", "BATCH", "MAILBOX", "MESSAGE", "STATE", "MSG/S",
               "HANDLED", "RESTARTS"}};
  std::vector<ink> inks{ink::head};
  for (auto& a : told.actors.rows) {
    rows.push_back({who(a), a.node, a.batch.empty() ? "-" : a.batch,
                    std::to_string(a.mailbox),
                    a.message.empty() ? "-" : a.message, state_of(a),
                    brief_rate(a.per_second), std::to_string(a.handled),
                    std::to_string(a.restarts)});
    inks.push_back(a.silent ? ink::bad : a.busy ? ink::warn : ink::plain);
  }
  auto shown = told.actors.rows.size();
  return table(std::move(rows), inks, colour) + "\n"
         + counted(told.actors.total, "actor")
         + (shown < told.actors.total
                ? ", of which " + std::to_string(shown) + " are shown\n"
                : "\n");
}

std::string batches_table(const admin_answer& told, bool colour) {
  if (told.batches.empty())
    return "no batches; --status all shows those that have ended, too\n";
  rows_t rows{{"BATCH", "STATUS", "SINCE", "FILES", "DONE", "SCORE", "GEMINI",
               "ERROR"}};
  std::vector<ink> inks{ink::head};
  for (auto& b : told.batches) {
    rows.push_back({b.id, b.status, instant_words(b.stored_at),
                    std::to_string(b.files), std::to_string(b.progress) + " %",
                    b.score ? hundredths(*b.score) : "-",
                    b.gemini.empty() ? "-" : b.gemini, b.error});
    inks.push_back(b.status == "failed" ? ink::bad : ink::plain);
  }
  return table(std::move(rows), inks, colour)
         + (told.more ? "\nthere are older ones, which are not shown\n" : "");
}

std::string gemini_table(const admin_answer& told, bool colour) {
  if (told.gates.empty())
    return "Gemini is off: there is no key, or no model\n";
  rows_t rows{{"MODEL", "STATE", "REASON", "OPENS", "WAITING", "OUT", "MINUTE",
               "TOKENS", "DAY", "RESETS"}};
  std::vector<ink> inks{ink::head};
  for (auto& g : told.gates) {
    rows.push_back({g.model, g.state, g.reason.empty() ? "-" : g.reason,
                    g.opens_in ? "in " + brief(*g.opens_in) : "-",
                    std::to_string(g.waiting), std::to_string(g.in_flight),
                    of(static_cast<double>(g.requests_in_window), g.rpm),
                    of(g.tokens_in_window, g.tpm),
                    of(static_cast<double>(g.day_requests), g.rpd),
                    g.day_resets_at ? instant_words(*g.day_resets_at) : "-"});
    inks.push_back(g.state == "open"      ? ink::good
                   : g.state == "blocked" ? ink::bad
                                          : ink::warn);
  }
  return table(std::move(rows), inks, colour);
}

std::string verify_words(const verify_page& v, bool colour) {
  auto sum = counted(v.files, "file") + " and " + counted(v.reports, "report")
             + " (" + brief_bytes(v.bytes) + ")";
  if (v.faults.empty())
    return sum + ": all as they were stored\n";
  rows_t rows{{"BATCH", "WHAT", "NAME", "FAULT"}};
  for (auto& f : v.faults)
    rows.push_back({f.batch, f.what, f.name, f.fault});
  auto inks = std::vector<ink>(rows.size(), ink::bad);
  inks[0] = ink::head;
  return table(std::move(rows), inks, colour) + "\n" + sum + ": "
         + std::to_string(v.faults.size()) + " not as stored\n";
}

} // namespace

std::string as_text(const std::vector<std::string>& words,
                    const admin_answer& told, bool colour) {
  auto& first = words.at(0);
  if (first == "actors")
    return actors_table(told, colour);
  if (first == "batches")
    return batches_table(told, colour);
  if (first == "nodes")
    return nodes_table(told, colour);
  if (first == "gemini")
    return gemini_table(told, colour);
  if (first == "verify")
    return verify_words(told.verified, colour);
  if (first == "drain")
    return printable(words.at(1)) + ": told to finish and leave ("
           + counted(told.told, "node") + ")\n";
  if (first == "cancel")
    return printable(words.at(1)) + ": cancelled\n";
  if (first == "retry")
    return printable(words.at(1)) + ": at work again\n";
  if (words.at(1) == "list")
    return quarantine_table(told, colour);
  if (words[1] == "purge")
    return printable(words.at(3)) + ": purged; its bytes are deleted\n";
  return printable(words.at(3)) + ": released; the batch "
         + printable(words.at(2)) + " is at work again\n";
}

} // namespace vigie
