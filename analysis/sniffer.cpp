#include "analysis/sniffer.hpp"

#include "analysis/encoding.hpp"

#include <magic.h>
#include <zip.h>

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace vigie {

namespace {

constexpr const char* docx =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
constexpr std::size_t sample = 64 * 1024;

bool holds_a_word_document(const std::filesystem::path& file) {
  int error = 0;
  auto* archive = ::zip_open(file.c_str(), ZIP_RDONLY, &error);
  if (archive == nullptr)
    return false;
  auto found = ::zip_name_locate(archive, "word/document.xml", 0) >= 0;
  ::zip_discard(archive);
  return found;
}

bool reads_as_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes(sample, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(sample));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  if (bytes.size() == sample) // a character may be cut at the end
    bytes.resize(bytes.find_last_of('\n') == bytes.npos
                     ? sample - 4
                     : bytes.find_last_of('\n'));
  return decode_text(bytes).has_value();
}

/// What libmagic is shown of a long plain text: its rules for texts cost 3 ms
/// of a processor per 100 KB, and the first lines say it all.
constexpr std::size_t glance = 1024;

bool plain(char c) {
  auto b = static_cast<unsigned char>(c);
  return b >= ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// The first lines of a long file that is plain text as far as we look (64 KB);
/// of all else nothing: it must be shown whole.
std::optional<std::string> first_lines(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes(sample, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(sample));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  auto end = bytes.substr(0, glance).rfind('\n');
  if (bytes.size() < glance || end == bytes.npos
      || std::string_view{"{[<%"}.find(bytes[0]) != std::string_view::npos
      || !std::all_of(bytes.begin(), bytes.end(), plain))
    return std::nullopt;
  bytes.resize(end + 1);
  return bytes;
}

struct magic_closer {
  void operator()(magic_set* x) const { ::magic_close(x); }
};
using cookie = std::unique_ptr<magic_set, magic_closer>;

/// One call at a time each, and milliseconds of a processor for a long text:
/// as many as there are processors, made when they are needed (8 MB each,
/// most of it shared pages of libmagic's data).
class cookie_jar {
public:
  cookie take() {
    std::unique_lock guard{mutex_};
    back_.wait(guard, [this] { return !idle_.empty() || made_ < most_; });
    if (idle_.empty()) {
      ++made_;
      guard.unlock();
      return fresh();
    }
    auto out = std::move(idle_.back());
    idle_.pop_back();
    return out;
  }
  void give_back(cookie x) {
    {
      std::lock_guard guard{mutex_};
      idle_.push_back(std::move(x));
    }
    back_.notify_one();
  }

private:
  static cookie fresh() {
    cookie out{::magic_open(MAGIC_MIME_TYPE | MAGIC_ERROR)};
    if (out)
      ::magic_load(out.get(), nullptr);
    return out;
  }

  const unsigned most_ =
      std::clamp(std::thread::hardware_concurrency(), 1u, 8u);
  std::mutex mutex_;
  std::condition_variable back_;
  std::vector<cookie> idle_;
  unsigned made_ = 0;
};

class magic_sniffer : public content_sniffer {
public:
  outcome<std::string> detect(const std::filesystem::path& file) override {
    auto type = ask(file);
    if (type.empty())
      return problem{code::internal, "The file type cannot be told"};
    if (type == "application/zip" || type == "application/octet-stream")
      if (holds_a_word_document(file))
        return std::string{docx};
    if (type == "inode/x-empty")
      return std::string{"text/plain"};
    if (type == "image/x-ms-bmp")
      return std::string{"image/bmp"};
    if (type == "application/octet-stream" && reads_as_text(file))
      return std::string{"text/plain"};
    return type;
  }

private:
  std::string ask(const std::filesystem::path& file) {
    auto mine = jar_.take();
    std::string out; // what magic_*() answers is the cookie's
    if (auto lines = mine ? first_lines(file) : std::nullopt)
      if (auto* type = ::magic_buffer(mine.get(), lines->data(), lines->size()))
        out = type;
    if (mine && !out.starts_with("text/"))
      if (auto* type = ::magic_file(mine.get(), file.c_str()))
        out = type;
    jar_.give_back(std::move(mine));
    return out;
  }

  cookie_jar jar_;
};

} // namespace

std::unique_ptr<content_sniffer> make_sniffer() {
  return std::make_unique<magic_sniffer>();
}

} // namespace vigie
