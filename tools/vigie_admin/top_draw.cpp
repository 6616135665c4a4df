// top: what is on the screen.

#include "tools/vigie_admin/figures.hpp"
#include "tools/vigie_admin/terminal.hpp"
#include "tools/vigie_admin/top.hpp"

#include <algorithm>
#include <array>

namespace vigie {

namespace {

using lines = std::vector<top_line>;

constexpr std::size_t least_width = 40, least_height = 8;
/// All columns of the actors but the batch, and the blanks between them.
constexpr std::size_t fixed = 13 + 8 + 5 + 10 + 16 + 6 + 3 + 7;

const char* word_of(top_order x) {
  constexpr std::array words{"work", "mailbox", "msg/s", "kind", "restarts"};
  return words.at(static_cast<std::size_t>(x));
}

/// Exactly so wide; `right`: figures.
std::string cell(const std::string& text, std::size_t wide, bool right) {
  auto out = shortened(printable(text), wide);
  auto pad = std::string(wide - std::min(wide, columns(out)), ' ');
  return right ? pad + out : out + pad;
}

std::string row(const std::array<std::string, 8>& x, std::size_t batch) {
  constexpr std::array<std::size_t, 8> wide{13, 8, 0, 5, 10, 16, 6, 3};
  constexpr std::array<bool, 8> right{false, false, false, true,
                                      false, false, true,  true};
  std::string out;
  for (std::size_t i = 0; i < x.size(); ++i)
    out += (i > 0 ? " " : "") + cell(x[i], i == 2 ? batch : wide[i], right[i]);
  return out;
}

void add_head(lines& out, const top_model& m) {
  auto state = m.paused ? " paused" : "";
  if (!m.trouble.empty())
    out.push_back({"no picture for " + brief(m.age) + state + ": " + m.trouble,
                   ink::bad});
  else
    out.push_back({"vigied " + m.server + "  " + m.clock + state, ink::bold});
  auto& last = m.last;
  uint64_t busy = 0, mail = 0;
  for (auto& k : last.actors.kinds) {
    busy += k.busy;
    mail += k.mailbox;
  }
  auto silent = std::count_if(last.actors.rows.begin(), last.actors.rows.end(),
                              [](auto& a) { return a.silent.has_value(); });
  auto text = "actors  " + std::to_string(last.actors.total) + ", "
              + std::to_string(busy) + " busy, " + std::to_string(silent)
              + " without answer, " + counted(mail, "message") + " waiting";
  out.push_back({text, silent > 0 ? ink::warn : ink::plain});
  if (auto& s = last.streams)
    out.push_back({"streams " + counted(s->clients, "client") + ", "
                       + brief_bytes(s->pending_bytes) + " waiting, "
                       + std::to_string(s->cut) + " cut",
                   s->pending_bytes > 0 ? ink::warn : ink::plain});
  std::string stages = "stages ";
  for (auto& s : last.stages)
    stages += " " + s.stage + " " + std::to_string(s.waiting) + "+"
              + std::to_string(s.working);
  out.push_back({stages + "  (waiting+in work)", ink::plain});
}

void add_nodes(lines& out, const top_model& m, std::size_t most) {
  auto& all = m.last.nodes;
  if (all.empty())
    out.push_back({"nodes   none has joined", ink::warn});
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i + 1 == most && all.size() > most) {
      out.push_back({"        and " + std::to_string(all.size() - i) + " more",
                     ink::dim});
      return;
    }
    auto& n = all[i];
    auto late = n.silent > std::chrono::seconds{5};
    auto benched = n.benched.count() > 0;
    out.push_back({(i == 0 ? "nodes   " : "        ") + n.name + "  "
                       + std::to_string(n.working) + "/"
                       + std::to_string(n.slots) + " slots, heard "
                       + brief(n.silent) + " ago"
                       + (n.draining   ? ", draining"
                          : benched    ? ", benched " + brief(n.benched)
                          : n.on_trial ? ", on trial"
                                       : ""),
                   late || benched            ? ink::bad
                   : n.draining || n.on_trial ? ink::warn
                                              : ink::plain});
  }
}

void add_gates(lines& out, const top_model& m, std::size_t most) {
  std::size_t n = 0;
  for (auto& g : m.last.gates) {
    if (n == most)
      return;
    auto text = (n++ == 0 ? "gemini  " : "        ") + g.model + "  " + g.state;
    if (!g.reason.empty())
      text += " (" + g.reason + ")";
    if (g.opens_in)
      text += ", opens in " + brief(*g.opens_in);
    text += ", " + std::to_string(g.waiting) + "+" + std::to_string(g.in_flight)
            + ", minute " + of(static_cast<double>(g.requests_in_window), g.rpm)
            + ", day " + of(static_cast<double>(g.day_requests), g.rpd);
    out.push_back({text, g.state == "open" ? ink::good : ink::warn});
  }
}

void add_actors(lines& out, top_model& m, std::size_t width,
                std::size_t height) {
  auto batch = std::min<std::size_t>(width > fixed ? width - fixed : 0, 36);
  out.push_back({row({"KIND", "NODE", "BATCH", "MAIL", "MESSAGE", "STATE",
                      "MSG/S", "RST"},
                     batch),
                 ink::head});
  auto all = chosen(m);
  auto room = height > out.size() + 1 ? height - out.size() - 1 : 0;
  m.first = std::min(m.first, all.size() - std::min(all.size(), room));
  for (auto i = m.first; i < all.size() && i < m.first + room; ++i) {
    auto& a = all[i];
    out.push_back({row({who(a), a.node, a.batch, std::to_string(a.mailbox),
                        a.message, state_of(a), brief_rate(a.per_second),
                        std::to_string(a.restarts)},
                       batch),
                   a.silent ? ink::bad
                   : a.busy ? ink::warn
                            : ink::plain});
  }
}

std::string foot(const top_model& m) {
  if (m.asking != 0)
    return std::string{m.asking == 'k' ? "kind" : "batch"}
           + " holds: " + m.typed + "_   (Enter, Escape)";
  auto out = std::string{"q quit  s sort: "} + word_of(m.order) + "  k kind"
             + (m.kind.empty() ? "" : ": " + m.kind) + "  b batch"
             + (m.batch.empty() ? "" : ": " + m.batch) + "  p pause  ? help";
  return out;
}

const lines help{
    {"Each line is one live actor; the server's and those of its nodes.", {}},
    {"", {}},
    {"  MAIL     messages that wait for it", {}},
    {"  MESSAGE  the one that it is in, or the last one", {}},
    {"  STATE    busy: in it for so long; no answer: it was asked and", {}},
    {"           has not answered since; a slot in a job is like that", {}},
    {"  MSG/S    handled per second;  RST  lives before this one", {}},
    {"", {}},
    {"  q, Ctrl-C  quit            p, blank  hold the picture", {}},
    {"  s          next order      arrows, page keys  scroll", {}},
    {"  k, b       only kinds, batches that hold a word; Escape: all", {}},
};

} // namespace

lines draw(top_model& m, std::size_t width, std::size_t height) {
  lines out;
  if (width < least_width || height < least_height) {
    out.push_back({"too small: 40x8 at least", ink::warn});
  } else if (m.helping) {
    out = help;
  } else if (!m.any) {
    out.push_back({m.trouble.empty() ? "connecting to " + m.server : m.trouble,
                   m.trouble.empty() ? ink::plain : ink::bad});
  } else {
    // Half of the screen at least is for actors.
    auto room = std::max<std::size_t>(1, height / 2 - 4);
    add_head(out, m);
    add_nodes(out, m, std::max<std::size_t>(1, room / 2));
    add_gates(out, m, std::max<std::size_t>(1, room / 2));
    add_actors(out, m, width, height);
  }
  out.resize(std::min(out.size(), height > 0 ? height - 1 : 0));
  if (height >= least_height) {
    out.resize(height - 1);
    out.push_back({foot(m), ink::dim});
  }
  for (auto& line : out)
    line.text = shortened(printable(line.text), width);
  return out;
}

} // namespace vigie
