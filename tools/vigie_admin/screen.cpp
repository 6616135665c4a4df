#include "tools/vigie_admin/screen.hpp"

#include <ncurses.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>

namespace vigie {

namespace {

enum pair : short { good = 1, warn, bad };

attr_t look_of(ink how, bool colour) {
  auto pair = [&](short n) {
    return colour ? static_cast<attr_t>(COLOR_PAIR(n)) : A_NORMAL;
  };
  switch (how) {
  case ink::plain:
    return A_NORMAL;
  case ink::head:
    return A_REVERSE;
  case ink::bold:
    return A_BOLD;
  case ink::dim:
    return A_DIM;
  case ink::good:
    return pair(pair::good);
  case ink::warn:
    return pair(pair::warn);
  case ink::bad:
    return pair(pair::bad) | A_BOLD;
  }
  return A_NORMAL;
}

int known(int c) {
  switch (c) {
  case KEY_UP:
    return key::up;
  case KEY_DOWN:
    return key::down;
  case KEY_PPAGE:
    return key::page_up;
  case KEY_NPAGE:
    return key::page_down;
  case KEY_HOME:
    return key::home;
  case KEY_ENTER:
  case '\r':
  case '\n':
    return key::enter;
  case KEY_BACKSPACE:
  case 0x7F:
  case '\b':
    return key::backspace;
  case 0x1B:
    return key::escape;
  default:
    return c;
  }
}

} // namespace

std::unique_ptr<screen> screen::open(bool colour) {
  std::setlocale(LC_ALL, "");
  if (::isatty(STDOUT_FILENO) == 0 || ::isatty(STDIN_FILENO) == 0
      || newterm(nullptr, stdout, stdin) == nullptr)
    return nullptr;
  return std::unique_ptr<screen>{new screen{colour}};
}

screen::screen(bool colour) : colour_(colour && has_colors()) {
  cbreak();
  noecho();
  nonl();
  keypad(stdscr, TRUE);
  nodelay(stdscr, TRUE);
  set_escdelay(50);
  curs_set(0);
  if (colour_) {
    start_color();
    use_default_colors();
    init_pair(pair::good, COLOR_GREEN, -1);
    init_pair(pair::warn, COLOR_YELLOW, -1);
    init_pair(pair::bad, COLOR_RED, -1);
  }
}

screen::~screen() { endwin(); }

void screen::resized() {
  winsize now{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &now) == 0 && now.ws_row > 0
      && now.ws_col > 0)
    resizeterm(now.ws_row, now.ws_col);
  clear();
}

void screen::show(top_model& m) {
  auto height = static_cast<std::size_t>(std::max(LINES, 1));
  auto width = static_cast<std::size_t>(std::max(COLS, 1));
  auto lines = draw(m, width, height);
  erase();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    attrset(static_cast<int>(look_of(lines[i].how, colour_)));
    mvaddstr(static_cast<int>(i), 0, lines[i].text.c_str());
  }
  attrset(A_NORMAL);
  refresh();
}

std::optional<int> screen::next_key() {
  auto c = getch();
  if (c == ERR)
    return std::nullopt;
  return known(c);
}

} // namespace vigie
