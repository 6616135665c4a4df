#include "http/reception.hpp"

#include "domain/names.hpp"
#include "http/digest.hpp"

#include <utility>

namespace vigie {

namespace {

constexpr std::size_t longest_field = 64 * 1024;

} // namespace

reception::reception(const httplib::Request& q, const http_options& limits,
                     const http_ports& ports)
    : request_(q), limits_(limits), ports_(ports) {
  // nop
}

bool reception::begin(const httplib::MultipartFormData& part) {
  if (!end_part())
    return false;
  in_file_ = part.name == "files" && !part.filename.empty();
  in_id_ = part.name == "client_batch_id";
  text_bytes_ = 0;
  return !in_file_ || begin_file(part.filename);
}

bool reception::bytes(const char* data, std::size_t n) {
  if (!in_file_)
    return text({data, n});
  if ((file_bytes_ += n) > limits_.max_file_bytes)
    return refuse({code::file_too_large,
                   name_ + ": a file may have "
                       + std::to_string(limits_.max_file_bytes) + " bytes"});
  if ((batch_bytes_ += n) > limits_.max_batch_bytes)
    return refuse({code::batch_too_large,
                   "files: a batch may have "
                       + std::to_string(limits_.max_batch_bytes) + " bytes"});
  return good(room_->grow(n)) && good(upload_->write({data, n}));
}

bool reception::end_part() {
  if (refused_)
    return false;
  if (!std::exchange(in_file_, false))
    return true;
  auto record = upload_->end();
  if (!good(record))
    return false;
  auto type = ports_.sniffer.detect(upload_->current());
  if (!good(type))
    return false;
  if (!accepted_content_type(type.value()))
    return refuse(
        {code::unsupported_type,
         "Unsupported content type: " + type.value() + " (" + name_ + ")"});
  files_.push_back(record.value());
  files_.back().content_type = type.value();
  return true;
}

outcome<batch_id> reception::id() const {
  auto header = request_.get_header_value("Idempotency-Key");
  if (!client_id_.empty() && !header.empty() && client_id_ != header)
    return problem{code::bad_batch_id,
                   "client_batch_id and Idempotency-Key differ"};
  auto& given = client_id_.empty() ? header : client_id_;
  if (given.empty())
    return batch_id{random_uuid()};
  if (!valid_batch_id(given) || reserved_batch_id(given))
    return problem{code::bad_batch_id,
                   "client_batch_id: 1-128 of [A-Za-z0-9._-], not starting "
                   "with a dot"};
  return batch_id{given};
}

bool reception::begin_file(const std::string& raw) {
  if (files_.size() >= limits_.max_files)
    return refuse({code::too_many_files, "files: a batch may have "
                                             + std::to_string(limits_.max_files)
                                             + " files"});
  if (!room_ && !take_room())
    return false;
  if (!upload_) {
    auto stage = ports_.blobs.stage();
    if (!good(stage))
      return false;
    upload_ = std::move(stage).value();
  }
  name_ = unique_filename(clean_filename(raw), taken_);
  file_bytes_ = 0;
  return good(upload_->begin(name_));
}

/// A batch that is there already needs none, if its id came before its files.
bool reception::take_room() {
  auto named = id();
  if (!good(named))
    return false;
  auto given = !client_id_.empty() || request_.has_header("Idempotency-Key");
  auto known = given && ports_.reader.version(named.value());
  auto length = request_.get_header_value<uint64_t>("Content-Length");
  auto room = ports_.service.arrive(length, known);
  if (!good(room))
    return false;
  room_ = std::move(room).value();
  return true;
}

bool reception::text(std::string_view more) {
  if ((text_bytes_ += more.size()) > longest_field)
    return refuse({code::bad_request, "A text field is too long"});
  if (in_id_)
    client_id_ += more;
  return true;
}

bool reception::refuse(problem why) {
  if (!refused_)
    refused_ = std::move(why);
  return false;
}

} // namespace vigie
