#pragma once

#include "config/settings.hpp"
#include "config/texts.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace vigie {

/// One option of the table: how its text is read, as environment and flags
/// carry it, and how its value is written in TOML.
struct option {
  enum class nature : uint8_t { plain, path, secret };
  std::string key; ///< `http.threads`
  std::function<verdict(settings&, const std::string&)> read;
  std::function<std::string(const settings&)> show;
  nature is = nature::plain; ///< path: relative to the file that names it.
};

std::string in_toml(bool x);
std::string in_toml(double x);
std::string in_toml(int64_t x);
std::string in_toml(const std::string& x);
std::string in_toml(const std::filesystem::path& x); ///< Absolute, or empty.
std::string in_toml(const std::vector<std::string>& x);
inline std::string in_toml(std::chrono::seconds x) {
  return in_toml(int64_t{x.count()});
}
template <class T>
requires std::is_integral_v<T> std::string in_toml(T x) {
  return in_toml(static_cast<int64_t>(x));
}

/// Makes the rows of one table: `row("threads", &part::threads, within(1u,
/// 9u))` where `part` is the type of the member of `settings`.
template <class Part>
class section {
public:
  section(std::string name, Part settings::*part)
      : name_(std::move(name)), part_(part) {
    // nop
  }

  template <class T, class Read>
  option operator()(const std::string& key, T Part::*field, Read read,
                    option::nature is = option::nature::plain) const {
    return {name_ + '.' + key,
            [part = part_, field, read](settings& s, const std::string& text) {
              return verdict{read((s.*part).*field, text)};
            },
            [part = part_, field](const settings& s) {
              return in_toml((s.*part).*field);
            },
            is};
  }

private:
  std::string name_;
  Part settings::*part_;
};

// How the text of a row is read: each sets `to`, or says what is wrong.

template <class T>
auto within(T least, T most) {
  return [least, most](T& to, const std::string& text) {
    return number(to, text, least, most);
  };
}

inline auto seconds_within(long least, long most) {
  return [least, most](std::chrono::seconds& to, const std::string& text) {
    return seconds(to, text, least, most);
  };
}

verdict flag(bool& to, std::string text);
verdict any_path(std::filesystem::path& to, const std::string& text);
/// `["a","b"]` as in the old deployments, or `a,b`.
std::vector<std::string> list_of(const std::string& text);

} // namespace vigie
