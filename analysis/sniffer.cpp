#include "analysis/sniffer.hpp"

#include "analysis/encoding.hpp"

#include <magic.h>
#include <zip.h>

#include <fstream>
#include <mutex>
#include <string>

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

class magic_sniffer : public content_sniffer {
public:
  magic_sniffer() : cookie_(::magic_open(MAGIC_MIME_TYPE | MAGIC_ERROR)) {
    if (cookie_ != nullptr)
      ::magic_load(cookie_, nullptr);
  }
  ~magic_sniffer() override {
    if (cookie_ != nullptr)
      ::magic_close(cookie_);
  }

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
    std::lock_guard guard{mutex_};
    auto* type = cookie_ ? ::magic_file(cookie_, file.c_str()) : nullptr;
    return type ? type : "";
  }

  std::mutex mutex_;
  magic_t cookie_;
};

} // namespace

std::unique_ptr<content_sniffer> make_sniffer() {
  return std::make_unique<magic_sniffer>();
}

} // namespace vigie
