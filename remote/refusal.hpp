#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace vigie {

/// Why the door did not let somebody in, or sent him away.
enum class refusal : unsigned char {
  not_tls,
  silent,
  slow,
  no_certificate,
  bad_certificate,
  bad_tls,
  not_registered,
  crowded,
  full,
  no_core,
  bad_frame,
  stalled,
  withdrawn,
  replaced,
  hasty,
};

/// For logs and statistics, in the order of `refusal`.
inline constexpr auto refusal_words = std::to_array<std::string_view>({
    "not TLS",
    "said nothing in time",
    "did not finish the handshake in time",
    "no certificate",
    "a certificate that is not ours, or has expired",
    "a broken TLS handshake",
    "not in the register, revoked or expired",
    "too many handshakes at once",
    "as many peers as may join",
    "the actor system does not answer",
    "broke the protocol of workers",
    "takes nothing that is sent to it",
    "its certificate was withdrawn or has expired",
    "its bundle has newer connections",
    "its bundle joins again and again",
});
/// The same for labels.
inline constexpr auto refusal_codes = std::to_array<std::string_view>({
    "not_tls",
    "silent",
    "slow",
    "no_certificate",
    "bad_certificate",
    "bad_tls",
    "not_registered",
    "crowded",
    "full",
    "no_core",
    "bad_frame",
    "stalled",
    "withdrawn",
    "replaced",
    "hasty",
});
static_assert(refusal_codes.size() == refusal_words.size());
inline constexpr auto refusal_kinds = refusal_words.size();
static_assert(refusal_kinds == static_cast<std::size_t>(refusal::hasty) + 1);

constexpr std::string_view words_of(refusal why) {
  return refusal_words[static_cast<std::size_t>(why)];
}

} // namespace vigie
