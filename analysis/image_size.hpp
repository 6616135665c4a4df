#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

// Without OpenCV: the server asks, too, and would drag it in.
namespace vigie {

/// The first `most` bytes of a file; analysis_failure `file-unreadable`.
std::string read_bytes(const std::filesystem::path& path, std::size_t most);

struct image_size {
  uint32_t width = 0, height = 0;
};

/// Pixels of JPEG, PNG, GIF, BMP, WebP and TIFF from the first bytes.
/// Zero when they cannot be told.
image_size size_in_header(std::string_view head);

/// The same of a file; a TIFF may keep its directory behind its pixels.
image_size size_in_file(const std::filesystem::path& path);

} // namespace vigie
