#include "tools/vigie_admin/commands.hpp"

#include "domain/admin.hpp"

#include <algorithm>
#include <set>

namespace vigie {

namespace {

constexpr std::size_t form_width = 31;

problem bad(std::string why) { return {code::bad_request, std::move(why)}; }

std::string joined(const std::set<std::string>& words) {
  std::string out;
  for (auto& word : words)
    out += (out.empty() ? "" : " ") + word;
  return out;
}

} // namespace

const std::vector<command_form>& commands() {
  static const std::vector<command_form> all{
      {{"top"},
       {},
       {"--interval", "--limit"},
       "all of it, live; ? for keys",
       most_actors},
      {{"actors"},
       {},
       {"--limit", "--kind", "--batch"},
       "what each actor is at, the busiest first",
       most_actors},
      {{"batches"},
       {},
       {"--status", "--limit"},
       "at work; --status completed, failed, cancelled, all",
       most_batches},
      {{"nodes"}, {}, {}, "who works, on what terms, on how much"},
      {{"gemini"}, {}, {}, "the gate of each model, and when it opens"},
      {{"quarantine", "list"},
       {},
       {},
       "files that broke their workers, newest first"},
      {{"quarantine", "release"},
       {"BATCH", "FILE"},
       {},
       "FILE, a name or an id, is tried again"},
      {{"quarantine", "purge"},
       {"BATCH", "FILE"},
       {},
       "its bytes are deleted, its row stays"},
      {{"drain"}, {"NODE"}, {}, "NODE finishes or gives back, and leaves"},
      {{"cancel"}, {"BATCH"}, {}, "ends a batch at work"},
      {{"retry"}, {"BATCH"}, {}, "an ended batch goes back to work"},
      {{"verify"}, {}, {}, "every stored file and report against its hash"},
      {{"completion"}, {"SHELL"}, {}, "for bash: what it sources"},
  };
  return all;
}

std::string command_form::form() const {
  std::string out;
  for (auto* words : {&begins, &values})
    for (auto& word : *words)
      out += (out.empty() ? "" : " ") + word;
  return out;
}

const command_form* command_of(const std::vector<std::string>& words,
                               problem& why) {
  if (words.empty()) {
    why = bad("no command; see --help");
    return nullptr;
  }
  for (auto& c : commands()) {
    if (words.size() < c.begins.size()
        || !std::equal(c.begins.begin(), c.begins.end(), words.begin()))
      continue;
    auto rest = words.begin() + static_cast<std::ptrdiff_t>(c.begins.size());
    if (words.size() == c.begins.size() + c.values.size()
        && std::find(rest, words.end(), "") == words.end())
      return &c;
    why = bad("usage: " + c.form());
    return nullptr;
  }
  if (words[0] == "backup") { // people look for it here
    why = bad("backup: is made where the files are, by `vigied backup DEST` on "
              "the server");
    return nullptr;
  }
  why = bad(words[0] + (words.size() > 1 ? " " + words[1] : "")
            + ": no such command; see --help");
  return nullptr;
}

std::string admin_usage() {
  std::string out =
      "vigie-admin: looks into a running vigied, and gives it orders\n\n"
      "  vigie-admin --connect HOST:PORT --bundle FILE [--json] COMMAND\n\n";
  for (auto& c : commands()) {
    auto form = c.form();
    form.resize(std::max(form.size() + 2, form_width), ' ');
    out += "  " + form + c.help + "\n";
  }
  return out
         + "\n"
           "  --connect HOST:PORT   workers.remote_listen of the server\n"
           "  --bundle FILE         made there by `vigied cert NAME --role "
           "admin`\n"
           "  --json                for programs; else tables\n"
           "  --limit N             rows at most (actors, top: 1,000; batches: "
           "200)\n"
           "  --kind KIND, --batch BATCH   actors of these only\n"
           "  --interval SECONDS    between two pictures of top; 1\n"
           "  --                    what follows is no flag\n"
           "  --help, --version\n\n"
           "Colour on a terminal only, and not with NO_COLOR set.\n"
           "Exit code 0; 1: the server refused or cannot be reached, or verify "
           "found\nsomething wrong; 2: a bad flag, command or bundle. Each is "
           "named on standard\nerror.";
}

std::string bash_completion() {
  std::set<std::string> first,
      flags{"--connect", "--bundle", "--json", "--help", "--version"};
  std::set<std::string> quarantine;
  for (auto& c : commands()) {
    first.insert(c.begins[0]);
    flags.insert(c.flags.begin(), c.flags.end());
    if (c.begins.size() > 1)
      quarantine.insert(c.begins[1]);
  }
  std::set<std::string> kinds;
  for (std::size_t i = 0; i < actor_kinds; ++i)
    kinds.insert(to_string(static_cast<actor_kind>(i)));
  return "# bash completion of vigie-admin\n"
         "_vigie_admin() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]}\n"
         "  local before=${COMP_WORDS[COMP_CWORD-1]} found\n"
         "  case $before in\n"
         "    --bundle) mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); "
         "return ;;\n"
         "    --connect|--limit|--batch|--interval) return ;;\n"
         "    --status) found='processing completed failed cancelled all' ;;\n"
         "    --kind) found='"
         + joined(kinds)
         + "' ;;\n"
           "    quarantine) found='"
         + joined(quarantine)
         + "' ;;\n"
           "    completion) found='bash' ;;\n"
           "    *) found='"
         + joined(first)
         + "'\n"
           "       [[ $word == -* ]] && found='"
         + joined(flags)
         + "' ;;\n"
           "  esac\n"
           "  mapfile -t COMPREPLY < <(compgen -W \"$found\" -- \"$word\")\n"
           "}\n"
           "complete -F _vigie_admin vigie-admin\n";
}

} // namespace vigie
