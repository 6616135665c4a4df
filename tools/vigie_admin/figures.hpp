#pragma once

#include "domain/admin.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace vigie {

// Figures for people. Never wider than ten columns.

/// `350 ms`, `12.3 s`, `42 min`, `7.5 h`, `12 d`
std::string brief(std::chrono::milliseconds t);
/// `0`, `0.3`, `12.3`, `1,234`
std::string brief_rate(double per_second);
/// `12 B`, `1.2 kB`, `3.4 MB`
std::string brief_bytes(uint64_t n);
/// `1 node`, `2 nodes`
std::string counted(uint64_t n, const std::string& what);
/// `slot 2`
std::string who(const actor_view& a);
/// `no answer 12.3 s`, `busy 1.2 s`, `idle 3.0 s`
std::string state_of(const actor_view& a);
/// `8/15`: so much of so much; `8` when nobody knows of how much.
std::string of(double used, const std::optional<double>& most);

} // namespace vigie
