#include "storage/blob_store.hpp"

#include "domain/hex.hpp"
#include "domain/names.hpp"
#include "storage/files.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace vigie {

namespace {

namespace fs = std::filesystem;

problem unstored(int error) {
  if (is_full(error))
    return {code::disk_full, "The disk is full"};
  return {code::storage_down, "The file cannot be stored right now"};
}

struct digest_freer {
  void operator()(EVP_MD_CTX* x) const { EVP_MD_CTX_free(x); }
};

class upload : public staged_upload {
public:
  explicit upload(fs::path dir) : dir_(std::move(dir)) {
    // nop
  }

  ~upload() override {
    if (fd_ >= 0)
      ::close(fd_);
    std::error_code ignored; // the sweep at the next start finds what is left
    if (!released_)
      fs::remove_all(dir_, ignored);
  }

  outcome<done> begin(const std::string& name) override {
    if (auto error = settle()) // of the file before
      return unstored(error);
    record_ = {};
    record_.filename = name;
    gathered_.clear();
    fd_ = ::open((dir_ / name).c_str(),
                 O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd_ < 0)
      return unstored(errno);
    digest_.reset(EVP_MD_CTX_new());
    EVP_DigestInit_ex(digest_.get(), EVP_sha256(), nullptr);
    return done{};
  }

  outcome<done> write(std::string_view bytes) override {
    // It comes in pieces of 4 KB: fewer system calls this way.
    gathered_ += bytes;
    record_.size_bytes += bytes.size();
    return gathered_.size() < enough ? outcome<done>{done{}} : put();
  }

  outcome<file_record> end() override {
    if (auto last = put(); !last)
      return last.why();
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    EVP_DigestFinal_ex(digest_.get(), sum, &n);
    record_.sha256 = hex(sum, n);
    // The disk works while the file is looked at and the next one comes.
    ::sync_file_range(fd_, 0, 0, SYNC_FILE_RANGE_WRITE);
    return record_;
  }

  fs::path current() const override { return dir_ / record_.filename; }

  outcome<std::string> release() override {
    // Here and not by the one writer: uploads wait for their disk side by side.
    // It makes the folder's mark durable, too.
    auto error = settle();
    if (error == 0)
      error = sync_dir(dir_);
    if (error != 0)
      return unstored(error);
    released_ = true;
    return dir_.string();
  }

private:
  static constexpr std::size_t enough = 64 * 1024;

  outcome<done> put() {
    EVP_DigestUpdate(digest_.get(), gathered_.data(), gathered_.size());
    auto error = write_all(fd_, gathered_);
    gathered_.clear();
    return error ? outcome<done>{unstored(error)} : done{};
  }

  /// Whatever is open is durable then, and closed.
  int settle() {
    if (fd_ < 0)
      return 0;
    auto error = ::fsync(fd_) == 0 ? 0 : errno;
    if (::close(std::exchange(fd_, -1)) != 0 && error == 0)
      error = errno;
    return error;
  }

  fs::path dir_;
  int fd_ = -1;
  std::string gathered_;
  bool released_ = false;
  file_record record_;
  std::unique_ptr<EVP_MD_CTX, digest_freer> digest_;
};

class folder_store : public blob_store {
public:
  explicit folder_store(const fs::path& root) : staging_(root / ".staging") {
    std::error_code ignored; // stage() says what is wrong
    fs::create_directories(staging_, ignored);
  }

  outcome<std::unique_ptr<staged_upload>> stage() override {
    unsigned char id[16];
    RAND_bytes(id, sizeof id);
    auto dir = staging_ / hex(id, sizeof id);
    auto error = make_marked_dir(dir);
    if (error == ENOENT) { // somebody tidied up
      std::error_code ignored;
      fs::create_directories(staging_, ignored);
      error = make_marked_dir(dir);
    }
    if (error)
      return unstored(error);
    return std::unique_ptr<staged_upload>{new upload{dir}};
  }

  void discard(const std::string& staging_dir) override {
    std::error_code ignored;
    fs::remove_all(staging_dir, ignored);
  }

private:
  fs::path staging_;
};

} // namespace

std::unique_ptr<blob_store> make_blob_store(const fs::path& root) {
  return std::make_unique<folder_store>(root);
}

void sweep_orphans(const fs::path& root,
                   const std::function<bool(const batch_id&)>& is_known) {
  std::error_code ignored;
  fs::remove_all(root / ".staging", ignored);
  fs::create_directories(root / ".staging", ignored);
  for (auto& entry : fs::directory_iterator(root, ignored)) {
    auto name = entry.path().filename().string();
    if (!valid_batch_id(name) || reserved_batch_id(name)
        || !has_mark(entry.path()))
      continue;
    if (is_known({name}))
      clear_mark(entry.path());
    else
      remove_batch_files(root, {name});
  }
}

void remove_batch_files(const fs::path& root, const batch_id& id) {
  std::error_code ignored; // the sweep at the next start finds what is left
  fs::remove_all(root / ".thumbs" / id.text, ignored);
  fs::remove(root / "reports" / ("report-" + id.text + ".pdf"), ignored);
  auto away = root / ".staging" / ("deleted-" + id.text);
  fs::remove_all(away, ignored);
  fs::create_directories(root / ".staging", ignored);
  fs::rename(root / id.text, away, ignored);
  sync_dir(root);
  fs::remove_all(away, ignored);
}

} // namespace vigie
