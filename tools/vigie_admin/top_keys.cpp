// top: what keys do, and which actors are shown.

#include "tools/vigie_admin/top.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace vigie {

namespace {

constexpr std::size_t a_page = 10, longest_filter = 64;

bool before(top_order by, const actor_view& a, const actor_view& b) {
  switch (by) {
  case top_order::work:
    break;
  case top_order::mailbox:
    if (a.mailbox != b.mailbox)
      return a.mailbox > b.mailbox;
    break;
  case top_order::rate:
    if (a.per_second != b.per_second)
      return a.per_second > b.per_second;
    break;
  case top_order::kind:
    return std::tie(a.kind, a.node, a.number, a.id)
           < std::tie(b.kind, b.node, b.number, b.id);
  case top_order::restarts:
    if (a.restarts != b.restarts)
      return a.restarts > b.restarts;
    break;
  }
  return busier(a, b);
}

bool holds(const std::string& text, const std::string& part) {
  return part.empty() || text.find(part) != text.npos;
}

/// A filter on its way: letters go to it until Enter or Escape.
void type(top_model& m, int which) {
  if (which == key::escape || which == key::enter) {
    auto& filter = m.asking == 'k' ? m.kind : m.batch;
    if (which == key::enter)
      filter = std::exchange(m.typed, {});
    m.typed.clear();
    m.asking = 0;
    m.first = 0;
  } else if (which == key::backspace) {
    if (!m.typed.empty())
      m.typed.pop_back();
  } else if (which > ' ' && which < 0x7F && m.typed.size() < longest_filter) {
    m.typed += static_cast<char>(which);
  }
}

void scroll(top_model& m, int which) {
  if (which == key::up)
    m.first -= m.first > 0 ? 1 : 0;
  else if (which == key::down)
    ++m.first;
  else if (which == key::page_up)
    m.first -= std::min(m.first, a_page);
  else if (which == key::page_down)
    m.first += a_page;
  else if (which == key::home)
    m.first = 0;
}

} // namespace

std::vector<actor_view> chosen(const top_model& m) {
  std::vector<actor_view> out;
  for (auto& a : m.last.actors.rows)
    if (holds(a.kind, m.kind) && holds(a.batch, m.batch))
      out.push_back(a);
  std::sort(out.begin(), out.end(),
            [&](auto& a, auto& b) { return before(m.order, a, b); });
  return out;
}

bool top_model::press(int which) {
  constexpr int control_c = 3;
  if (which == control_c)
    return false;
  if (asking != 0) {
    type(*this, which);
    return true;
  }
  if (which == 'q')
    return false;
  auto was_helping = std::exchange(helping, false);
  if (which == '?' || which == 'h')
    helping = !was_helping;
  else if (which == 'p' || which == ' ')
    paused = !paused;
  else if (which == 's')
    order = static_cast<top_order>((static_cast<int>(order) + 1) % 5);
  else if (which == 'k' || which == 'b')
    asking = static_cast<char>(which);
  else if (which == key::escape)
    kind = batch = "";
  else
    scroll(*this, which);
  return true;
}

} // namespace vigie
