// vigie-admin: an operator's questions and orders to a vigied, over the door
// of the worker network.

#include "app/version.hpp"
#include "tools/vigie_admin/commands.hpp"
#include "tools/vigie_admin/options.hpp"
#include "tools/vigie_admin/server_call.hpp"
#include "tools/vigie_admin/show.hpp"
#include "tools/vigie_admin/terminal.hpp"
#include "tools/vigie_admin/top_run.hpp"
#include "tools/vigie_admin/verify.hpp"

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

namespace {

using namespace vigie;

constexpr int refused = 1, bad_usage = 2;
// An operator waits no longer. ADMIN in the server names who does not answer
// before that.
constexpr auto patience = std::chrono::seconds{9};
// One page of a verification may hold one large file.
constexpr auto page_patience = std::chrono::seconds{55};

int complain(const problem& why, int exit_code) {
  std::fprintf(stderr, "vigie-admin: %s\n", printable(why.detail).c_str());
  return exit_code;
}

admin_ask ask_of(const admin_options& o, const std::string& token) {
  return {version, token, o.words[0], o.args()};
}

int say(const std::string& text) {
  auto said = std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
  return said ? 0 : refused;
}

int say(const admin_options& o, const admin_answer& told) {
  return say(o.json ? as_json(o.words, told)
                    : as_text(o.words, told, wants_colour(STDOUT_FILENO)));
}

int verify(const admin_options& o, server_call& server,
           const std::string& token) {
  auto told = verify_all(
      [&](const std::string& from) {
        auto what = ask_of(o, token);
        what.args = {from};
        return server.ask(o.host, o.port, std::move(what), page_patience);
      },
      !o.json && ::isatty(STDERR_FILENO) == 1);
  if (!told)
    return complain(told.why(), refused);
  auto said = say(o, told.value());
  return told.value().verified.faults.empty() ? said : refused;
}

int command(const admin_options& o, server_call& server,
            const std::string& token) {
  if (o.words[0] == "verify")
    return verify(o, server, token);
  if (o.words[0] == "top" && !o.json)
    return run_top(o, [&] {
      return server.ask(o.host, o.port, ask_of(o, token), patience);
    });
  auto told = server.ask(o.host, o.port, ask_of(o, token), patience);
  return told ? say(o, told.value()) : complain(told.why(), refused);
}

/// `top` takes these one by one; everybody else dies of them, as is usual.
void block_signals() {
  sigset_t ours;
  sigemptyset(&ours);
  for (auto n : {SIGINT, SIGTERM, SIGHUP, SIGWINCH})
    sigaddset(&ours, n);
  pthread_sigmask(SIG_BLOCK, &ours, nullptr); // inherited by all threads
}

} // namespace

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN); // the server may hang up while we write
  auto options =
      admin_options::parse(std::vector<std::string>(argv + 1, argv + argc));
  if (!options)
    return complain(options.why(), bad_usage);
  auto& o = options.value();
  if (o.help || o.version)
    return say((o.help ? admin_usage() : std::string{version}) + "\n");
  if (o.words[0] == "completion")
    return say(bash_completion());
  auto mine = read_bundle(o.bundle);
  if (!mine)
    return complain(mine.why(), bad_usage);
  if (o.words[0] == "top" && !o.json)
    block_signals();
  server_call server{mine.value()};
  auto exit_code = command(o, server, mine.value().token);
  std::fflush(nullptr);
  ::_exit(exit_code); // CAF would wait for a connection that hangs
}
