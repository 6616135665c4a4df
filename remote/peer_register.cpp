#include "remote/peer_register.hpp"

#include "domain/hex.hpp"
#include "remote/bundle.hpp"
#include "remote/pki.hpp"
#include "remote/private_file.hpp"

#include <openssl/rand.h>

#include <algorithm>

namespace vigie {

namespace {

namespace fs = std::filesystem;

outcome<std::string> new_token() {
  unsigned char bits[32];
  if (RAND_bytes(bits, sizeof bits) != 1)
    return problem{code::internal, "OpenSSL has no random numbers"};
  return hex(bits, sizeof bits);
}

problem bad_name(const std::string& name) {
  return {code::bad_request, "'" + name
                                 + "' is no name for a peer: small letters, "
                                   "digits and '-', at most 63, no '-' first"};
}

} // namespace

peer_register::peer_register(fs::path pki, std::function<utc_time()> now)
    : pki_(std::move(pki)), dir_(pki_ / "peers"), now_(std::move(now)) {}

fs::path peer_register::file_of(const std::string& name) const {
  return dir_ / (name + ".json");
}

outcome<issued_peer> peer_register::issue(const std::string& name,
                                          peer_role role,
                                          std::chrono::days valid) {
  if (!good_peer_name(name))
    return bad_name(name);
  auto lock = lock_private(pki_);
  if (!lock)
    return lock.why();
  auto folder = private_folder(dir_);
  if (!folder)
    return folder.why();
  auto now = now_();
  auto ca = authority::open(pki_, now);
  if (!ca)
    return ca.why();
  auto cert = ca.value().sign(name, valid, now, certificate_use::client);
  if (!cert)
    return cert.why();
  auto token = new_token();
  if (!token)
    return token.why();
  issued_peer made;
  made.who = {name,
              role,
              cert.value().serial,
              now,
              cert.value().expires_at,
              sha256_hex_of(token.value()),
              std::nullopt};
  made.bundle = bundle_text(made.who, cert.value(), ca.value().certificate(),
                            token.value());
  std::error_code ignored;
  made.replaced = fs::exists(file_of(name), ignored);
  auto saved = write_private(file_of(name), to_json(made.who));
  if (!saved)
    return saved.why();
  return made;
}

outcome<peer> peer_register::revoke(const std::string& name) {
  if (!good_peer_name(name))
    return bad_name(name);
  auto lock = lock_private(pki_);
  if (!lock)
    return lock.why();
  std::error_code ignored;
  if (!fs::exists(file_of(name), ignored))
    return problem{code::bad_request, name + ": no such peer"};
  auto text = read_small(file_of(name));
  if (!text)
    return text.why();
  auto who = peer_from_json(text.value());
  if (!who)
    return problem{code::bad_request,
                   name
                       + ".json is garbled and lets nobody in; issue the "
                         "peer anew, or remove the file"};
  if (who->revoked_at)
    return *who;
  who->revoked_at = now_();
  auto saved = write_private(file_of(name), to_json(*who));
  if (!saved)
    return saved.why();
  return *who;
}

outcome<std::vector<listed_peer>> peer_register::list() {
  std::vector<listed_peer> all;
  std::error_code failed;
  fs::directory_iterator files{dir_, failed};
  if (failed == std::errc::no_such_file_or_directory)
    return all;
  for (; !failed && files != fs::directory_iterator{};
       files.increment(failed)) {
    auto path = files->path();
    if (path.extension() != ".json")
      continue;
    auto text = read_small(path);
    auto who = text ? peer_from_json(text.value()) : std::nullopt;
    if (who && who->name == path.stem())
      all.push_back({*who, state_of(*who, now_())});
    else
      all.push_back({{path.stem(), {}, "", {}, {}, "", {}}, "unreadable"});
  }
  if (failed)
    return problem{code::internal,
                   "peers: cannot be read: " + failed.message()};
  std::sort(all.begin(), all.end(),
            [](auto& a, auto& b) { return a.who.name < b.who.name; });
  return all;
}

} // namespace vigie
