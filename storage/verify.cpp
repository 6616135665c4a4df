#include "storage/verify.hpp"

#include "domain/hex.hpp"
#include "storage/files.hpp"

#include <openssl/evp.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <memory>
#include <optional>
#include <vector>

namespace vigie {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_faults = 200, most_rows = 256;

/// A file or report as its row tells of it.
struct item {
  std::string key; ///< Of the row: orders them.
  std::string batch, name, hash;
  fs::path path;
};

struct digest_freer {
  void operator()(EVP_MD_CTX* x) const { EVP_MD_CTX_free(x); }
};

/// Empty when it cannot be read; errno says why.
std::string hash_of(const fs::path& path, uint64_t& bytes) {
  auto fd =
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0)
    return {};
  std::unique_ptr<EVP_MD_CTX, digest_freer> d{EVP_MD_CTX_new()};
  EVP_DigestInit_ex(d.get(), EVP_sha256(), nullptr);
  std::string buffer(1u << 18, '\0');
  ssize_t n = 0;
  while ((n = ::read(fd, buffer.data(), buffer.size())) > 0
         || (n < 0 && errno == EINTR))
    if (n > 0) {
      EVP_DigestUpdate(d.get(), buffer.data(), static_cast<std::size_t>(n));
      bytes += static_cast<uint64_t>(n);
    }
  auto why = errno;
  ::close(fd);
  errno = why;
  if (n < 0)
    return {};
  unsigned char sum[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_DigestFinal_ex(d.get(), sum, &size);
  return hex(sum, size);
}

/// Of rows that share a path only the last one was written there.
constexpr auto files_sql =
    "SELECT id, batch_id, filename, checksum_sha256, stored_path FROM "
    "batch_files AS f WHERE id>?1 AND id<=?2 AND stored_path<>'' AND NOT "
    "EXISTS (SELECT 1 FROM batch_files AS o WHERE o.batch_id=f.batch_id AND "
    "o.stored_path=f.stored_path AND o.id>f.id) ORDER BY id LIMIT ?3";

std::vector<item> files(database& db, const fs::path& root, int64_t after,
                        int64_t upto) {
  std::vector<item> out;
  auto& q = db.use(files_sql);
  q.bind(1, after);
  q.bind(2, upto);
  q.bind(3, static_cast<int64_t>(most_rows));
  while (q.executeStep()) {
    auto batch = q.getColumn(1).getString();
    auto path = root / relative_path(batch, q.getColumn(4).getString());
    out.push_back({"f" + q.getColumn(0).getString(), batch,
                   q.getColumn(2).getString(), q.getColumn(3).getString(),
                   std::move(path)});
  }
  return out;
}

/// `only`: that batch's report, instead of those after it.
std::vector<item> reports(database& db, const fs::path& root,
                          const std::string& after, bool only) {
  std::vector<item> out;
  auto& q = db.use("SELECT id, report_hash FROM audit_batches WHERE "
                   "report_hash IS NOT NULL AND ((?2 AND id=?1) OR (NOT ?2 AND "
                   "id>?1)) ORDER BY id LIMIT ?3");
  q.bind(1, after);
  q.bind(2, only ? 1 : 0);
  q.bind(3, static_cast<int64_t>(most_rows));
  while (q.executeStep()) {
    auto batch = q.getColumn(0).getString();
    auto name = "report-" + batch + ".pdf";
    out.push_back({"r" + batch, batch, name, q.getColumn(1).getString(),
                   root / "reports" / name});
  }
  return out;
}

int64_t number_in(const std::string& key) {
  int64_t n = 0;
  std::from_chars(key.data() + 1, key.data() + key.size(), n);
  return n;
}

constexpr int64_t last_id = INT64_MAX;

/// Files after the key, or reports after them.
std::vector<item> next_items(database& db, const fs::path& root,
                             const std::string& after) {
  if (!after.starts_with('r')) {
    auto found = files(db, root, after.empty() ? 0 : number_in(after), last_id);
    if (!found.empty())
      return found;
  }
  return reports(db, root, after.starts_with('r') ? after.substr(1) : "",
                 false);
}

/// The same row as it is now; nothing when it is gone.
std::optional<item> again(database& db, const fs::path& root, const item& x) {
  auto n = number_in(x.key);
  auto found = x.key[0] == 'f' ? files(db, root, n - 1, n)
                               : reports(db, root, x.key.substr(1), true);
  return found.empty() ? std::nullopt : std::optional{found.front()};
}

std::optional<std::string> fault_of(const item& x, uint64_t& bytes) {
  errno = 0;
  auto hash = hash_of(x.path, bytes);
  if (hash.empty())
    return errno == ENOENT ? "missing" : "unreadable";
  return hash == x.hash ? std::nullopt : std::optional<std::string>{"changed"};
}

void look(pool& rows, const fs::path& root, const item& x, verify_page& page) {
  auto what = x.key[0] == 'f' ? "file" : "report";
  ++(x.key[0] == 'f' ? page.files : page.reports);
  auto fault = fault_of(x, page.bytes);
  if (!fault)
    return;
  // Between the row and the bytes it may have been deleted, or printed anew.
  auto now = rows.with<std::optional<item>>([&](database& db) {
    return outcome<std::optional<item>>{again(db, root, x)};
  });
  if (!now || !now.value())
    return;
  uint64_t twice = 0;
  if (auto still = fault_of(*now.value(), twice))
    page.faults.push_back({x.batch, what, x.name, *still});
}

uint64_t count(database& db) {
  auto& q = db.use(
      "SELECT (SELECT count(*) FROM batch_files WHERE stored_path<>'') + "
      "(SELECT count(*) FROM audit_batches WHERE report_hash IS NOT NULL)");
  q.executeStep();
  return static_cast<uint64_t>(q.getColumn(0).getInt64());
}

} // namespace

outcome<verify_page> verify_stored(pool& rows, const fs::path& root,
                                   const std::string& from,
                                   std::chrono::milliseconds about) {
  verify_page page;
  auto until = std::chrono::steady_clock::now() + about;
  for (auto at = from;;) {
    using items = std::vector<item>;
    auto found = rows.with<items>([&](database& db) -> outcome<items> {
      if (at.empty())
        page.total = count(db);
      return next_items(db, root, at);
    });
    if (!found)
      return found.why();
    if (found.value().empty())
      return page;
    for (auto& x : found.value()) {
      look(rows, root, x, page);
      at = x.key;
      if (std::chrono::steady_clock::now() >= until
          || page.faults.size() >= most_faults) {
        page.next = at;
        return page;
      }
    }
  }
}

} // namespace vigie
