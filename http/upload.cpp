#include "http/upload.hpp"

#include "http/access.hpp"
#include "http/answers.hpp"
#include "http/json_codec.hpp"
#include "http/reception.hpp"

#include <utility>

namespace vigie {

namespace {

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
  auto id = in.id();
  if (!id)
    return answer(q, res, id.why());
  auto dir = in.upload_->release();
  if (!dir)
    return answer(q, res, dir.why());
  auto batch = new_batch{id.value(), dir.value(), in.files_, utc_now()};
  auto& sender = access_guard::now();
  batch.own_only = sender.only_of().has_value();
  if (sender.who)
    batch.owner = sender.who->name;
  auto taken = ports.service.submit(batch);
  if (!taken) {
    // Without an answer the store may yet take it in: it is left there, for
    // the store or for the sweep of the next start.
    if (taken.why().id != code::timeout)
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
  reception in{q, limits, ports};
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
