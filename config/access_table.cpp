// The section `access`: one row for each option.

#include "config/table.hpp"

namespace vigie {

namespace {

verdict mode(access_mode& to, const std::string& text) {
  if (text == "auto")
    to = access_mode::automatic;
  else if (text == "true" || text == "1")
    to = access_mode::always;
  else if (text == "false" || text == "0")
    to = access_mode::never;
  else
    return "\"" + text + "\" is not auto, true or false";
  return std::nullopt;
}

option required() {
  return {"access.required",
          [](settings& s, const std::string& text) {
            return mode(s.access.required, text);
          },
          [](const settings& s) {
            return s.access.required == access_mode::automatic
                       ? in_toml(std::string{"auto"})
                       : in_toml(s.access.required == access_mode::always);
          }};
}

option session_hours() {
  return {"access.session_hours",
          [](settings& s, const std::string& text) {
            long n = 0;
            auto bad = number(n, text, 1L, 720L);
            if (!bad)
              s.access.session = std::chrono::hours{n};
            return bad;
          },
          [](const settings& s) {
            return in_toml(int64_t{s.access.session.count() / 3'600});
          }};
}

} // namespace

std::vector<option> access_options() {
  using access = decltype(settings::access);
  const section row{"access", &settings::access};
  return {
      required(),
      session_hours(),
      row("token_rate", &access::token_rate, within(0.0, 1e6)),
      row("token_burst", &access::token_burst, within(1.0, 1e6)),
      row("address_rate", &access::address_rate, within(0.0, 1e6)),
      row("address_burst", &access::address_burst, within(1.0, 1e6)),
      row("failures_per_minute", &access::failures_per_minute,
          within(1.0, 6'000.0)),
  };
}

} // namespace vigie
