#pragma once

#include "http/server.hpp"

#include <httplib.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace vigie {

/// One multipart body on its way to disk. The first refusal stands and stops
/// the reading. Room is asked for before the first file is read, and held until
/// the end. One HTTP thread owns it.
class reception {
public:
  reception(const httplib::Request& q, const http_options& limits,
            const http_ports& ports);

  bool begin(const httplib::MultipartFormData& part);
  bool bytes(const char* data, std::size_t n);
  /// Ends the part that is open; false when it is refused.
  bool end_part();
  /// The id of the batch, from the field, the header or a fresh UUID.
  outcome<batch_id> id() const;

  std::optional<problem> refused_;
  std::vector<file_record> files_;
  std::unique_ptr<staged_upload> upload_;

private:
  bool begin_file(const std::string& raw);
  bool take_room();
  bool text(std::string_view more);
  template <class T>
  bool good(const outcome<T>& x) {
    return x ? true : refuse(x.why());
  }
  bool refuse(problem why);

  const httplib::Request& request_;
  const http_options& limits_;
  const http_ports& ports_;
  std::unique_ptr<arrival> room_;
  std::set<std::string> taken_;
  std::string client_id_, name_;
  bool in_file_ = false, in_id_ = false;
  std::size_t text_bytes_ = 0;
  uint64_t file_bytes_ = 0, batch_bytes_ = 0;
};

} // namespace vigie
