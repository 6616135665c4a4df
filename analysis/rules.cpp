#include "analysis/rules.hpp"

#include "domain/fold.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>

namespace vigie {

namespace {

using nlohmann::json;

constexpr std::size_t longest_quote = 300;
constexpr std::size_t most_observations = 500;

rule_verdict verdict_of(const json& j) {
  auto named = j.at("severity").get<std::string>();
  auto s = parse_severity(named);
  if (!s)
    throw std::invalid_argument("no such severity: " + named);
  return {j.at("id").get<std::string>(), j.at("label").get<std::string>(), *s};
}

std::vector<std::string> folded(const json& words) {
  std::vector<std::string> out;
  for (auto& w : words)
    out.push_back(fold(w.get<std::string>()));
  return out;
}

observation_rules rules_of(const json& j) {
  observation_rules r;
  r.signs = folded(j.at("signs"));
  for (auto& t : j.at("topics"))
    r.topics.push_back(
        {verdict_of(t), folded(t.at("words")), t.value("needs_sign", true)});
  r.otherwise = verdict_of(j.at("otherwise"));
  auto& csv = j.at("csv");
  r.csv_columns = folded(csv.at("columns"));
  r.csv_true = folded(csv.at("true"));
  r.csv_otherwise = verdict_of(csv.at("otherwise"));
  return r;
}

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// `word` stands in `line` from the beginning of a word on.
bool stands(const std::string& line, const std::string& word) {
  for (auto at = line.find(word); at != line.npos; at = line.find(word, at + 1))
    if (at == 0 || !letter(line[at - 1]) || !letter(word.front()))
      return true;
  return false;
}

bool any(const std::string& line, const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](auto& w) { return stands(line, w); });
}

const rule_verdict* topic(const observation_rules& r, const std::string& line,
                          bool sign) {
  for (auto& t : r.topics)
    if ((sign || !t.needs_sign) && any(line, t.words))
      return &t.says;
  return nullptr;
}

std::string quote_of(std::string_view line) {
  if (line.size() <= longest_quote)
    return std::string{line};
  auto end = longest_quote;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80)
    --end;
  return std::string{line.substr(0, end)} + "…";
}

observation quoted(const rule_verdict& v, const std::string& filename,
                   std::string_view line, std::size_t number) {
  observation o;
  o.filename = filename;
  o.label = v.label;
  o.severity = v.severity;
  o.class_name = v.id;
  o.extra = {{"quote", quote_of(line)},
             {"line", std::to_string(number)},
             {"rule", v.id}};
  return o;
}

std::string_view trimmed(std::string_view s) {
  auto space = [](char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '"' || c == '-';
  };
  while (!s.empty() && space(s.front()))
    s.remove_prefix(1);
  while (!s.empty() && space(s.back()))
    s.remove_suffix(1);
  return s;
}

/// Cells of one row; quotes are honoured, newlines inside them are not.
std::vector<std::string> cells(std::string_view row, char separator) {
  std::vector<std::string> out(1);
  auto quoted_cell = false;
  for (auto c : row) {
    if (c == '"')
      quoted_cell = !quoted_cell;
    else if (c == separator && !quoted_cell)
      out.emplace_back();
    else
      out.back() += c;
  }
  return out;
}

struct csv_shape {
  char separator = ',';
  std::size_t column = SIZE_MAX; ///< SIZE_MAX: no column of the rules.
};

csv_shape shape_of(const observation_rules& r, std::string_view header) {
  csv_shape s;
  for (auto c : {';', '\t'})
    if (std::count(header.begin(), header.end(), c)
        > std::count(header.begin(), header.end(), s.separator))
      s.separator = c;
  auto names = cells(header, s.separator);
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto name = fold(trimmed(names[i]));
    if (std::find(r.csv_columns.begin(), r.csv_columns.end(), name)
        != r.csv_columns.end())
      s.column = i;
  }
  return s;
}

const rule_verdict* judge_row(const observation_rules& r, const csv_shape& s,
                              std::string_view row) {
  auto all = cells(row, s.separator);
  if (s.column >= all.size())
    return nullptr;
  auto value = fold(trimmed(all[s.column]));
  if (std::find(r.csv_true.begin(), r.csv_true.end(), value)
      == r.csv_true.end())
    return nullptr;
  auto* found = topic(r, fold(row), true);
  return found ? found : &r.csv_otherwise;
}

const rule_verdict* judge_line(const observation_rules& r,
                               std::string_view line) {
  auto plain = fold(line);
  auto sign = any(plain, r.signs);
  auto* found = topic(r, plain, sign);
  return found ? found : sign ? &r.otherwise : nullptr;
}

} // namespace

outcome<observation_rules> read_rules(const std::filesystem::path& file) {
  try {
    std::ifstream in(file);
    if (!in)
      return problem{code::bad_request,
                     "analysis.rules_file: cannot read " + file.string()};
    return rules_of(json::parse(in));
  } catch (const std::exception& e) {
    return problem{code::bad_request,
                   "analysis.rules_file: " + file.string() + ": " + e.what()};
  }
}

std::vector<observation> observe_text(const observation_rules& rules,
                                      const std::string& filename,
                                      std::string_view text, bool csv) {
  std::vector<observation> out;
  csv_shape shape;
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto end = std::min(text.find('\n'), text.size());
    auto row = text.substr(0, end);
    auto line = trimmed(row);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (csv && number == 1) // its quotes say where a cell ends: not trimmed
      shape = shape_of(rules, row);
    else if (auto* says = csv && shape.column != SIZE_MAX
                              ? judge_row(rules, shape, row)
                              : judge_line(rules, line);
             says && out.size() < most_observations)
      out.push_back(quoted(*says, filename, line, number));
  }
  return out;
}

} // namespace vigie
