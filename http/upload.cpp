#include "http/upload.hpp"

#include "domain/names.hpp"
#include "http/answers.hpp"
#include "http/digest.hpp"
#include "http/json_codec.hpp"

#include <optional>
#include <set>
#include <utility>

namespace vigie {

namespace {

constexpr std::size_t longest_field = 64 * 1024;

/// One multipart body on its way to disk. The first refusal stands and stops
/// the reading.
class reception {
public:
  reception(const http_options& limits, const http_ports& ports)
      : limits_(limits), ports_(ports) {
    // nop
  }

  bool begin(const httplib::MultipartFormData& part) {
    if (!end_part())
      return false;
    in_file_ = part.name == "files" && !part.filename.empty();
    in_id_ = part.name == "client_batch_id";
    text_bytes_ = 0;
    return !in_file_ || begin_file(part.filename);
  }

  bool bytes(const char* data, std::size_t n) {
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
    return good(upload_->write({data, n}));
  }

  /// Ends the part that is open; false when it is refused.
  bool end_part() {
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

  std::optional<problem> refused_;
  std::string client_id_;
  std::vector<file_record> files_;
  std::unique_ptr<staged_upload> upload_;

private:
  bool begin_file(const std::string& raw) {
    if (files_.size() >= limits_.max_files)
      return refuse({code::too_many_files,
                     "files: a batch may have "
                         + std::to_string(limits_.max_files) + " files"});
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

  bool text(std::string_view more) {
    if ((text_bytes_ += more.size()) > longest_field)
      return refuse({code::bad_request, "A text field is too long"});
    if (in_id_)
      client_id_ += more;
    return true;
  }

  template <class T>
  bool good(const outcome<T>& x) {
    return x ? true : refuse(x.why());
  }

  bool refuse(problem why) {
    if (!refused_)
      refused_ = std::move(why);
    return false;
  }

  const http_options& limits_;
  const http_ports& ports_;
  std::set<std::string> taken_;
  std::string name_;
  bool in_file_ = false, in_id_ = false;
  std::size_t text_bytes_ = 0;
  uint64_t file_bytes_ = 0, batch_bytes_ = 0;
};

/// The id of the batch, from the field, the header or a fresh UUID.
outcome<batch_id> id_for(const httplib::Request& q, const std::string& field) {
  auto header = q.get_header_value("Idempotency-Key");
  if (!field.empty() && !header.empty() && field != header)
    return problem{code::bad_batch_id,
                   "client_batch_id and Idempotency-Key differ"};
  auto& given = field.empty() ? header : field;
  if (given.empty())
    return batch_id{random_uuid()};
  if (!valid_batch_id(given) || reserved_batch_id(given))
    return problem{code::bad_batch_id,
                   "client_batch_id: 1-128 of [A-Za-z0-9._-], not starting "
                   "with a dot"};
  return batch_id{given};
}

/// What is known of a batch without reading it back.
batch_view view_of(const new_batch& b) {
  batch_view v;
  v.id = b.id;
  v.stored_at = v.updated_at = b.created_at;
  v.files = b.files;
  for (auto& f : v.files)
    f.stored_path = b.id.text + '/' + f.filename;
  return v;
}

void accept(const httplib::Request& q, httplib::Response& res, reception& in,
            const http_ports& ports) {
  auto id = id_for(q, in.client_id_);
  if (!id)
    return answer(q, res, id.why());
  auto dir = in.upload_->release();
  if (!dir)
    return answer(q, res, dir.why());
  auto batch = new_batch{id.value(), dir.value(), in.files_, utc_now()};
  auto taken = ports.service.submit(batch);
  if (!taken) {
    ports.blobs.discard(dir.value());
    return answer(q, res, taken.why());
  }
  // The batch is durable: whatever happens to the read, the answer is yes.
  auto view = ports.reader.snapshot(id.value());
  if (!view)
    view = view_of(batch);
  auto url = "/api/v1/ingestion/batches/" + id.value().text;
  res.set_header("Location", url);
  res.set_header("Content-Location", url);
  auto fresh = taken.value().how == applied::yes;
  if (fresh)
    view.value().status = batch_status::processing; // as it was accepted
  answer_json(res, 202, snapshot_body(view.value(), fresh));
}

} // namespace

void receive_batch(const httplib::Request& q, httplib::Response& res,
                   const httplib::ContentReader& body,
                   const http_options& limits, const http_ports& ports) {
  if (!q.is_multipart_form_data())
    return answer(q, res,
                  {code::no_files, "files: field required "
                                   "(multipart/form-data)"});
  reception in{limits, ports};
  auto whole = body(
      [&](const httplib::MultipartFormData& part) { return in.begin(part); },
      [&](const char* data, std::size_t n) { return in.bytes(data, n); });
  whole = whole && in.end_part();
  if (in.refused_)
    return answer(q, res, *in.refused_);
  if (!whole)
    return answer(q, res,
                  {code::bad_multipart,
                   "The multipart body is broken or ends too early"});
  if (in.files_.empty())
    return answer(q, res, {code::no_files, "files: field required"});
  accept(q, res, in, ports);
}

} // namespace vigie
