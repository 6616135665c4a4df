#include "http/command_routes.hpp"

#include "http/answers.hpp"
#include "http/json_codec.hpp"

#include <string>
#include <utility>

namespace vigie {

namespace {

using httplib::Request;
using httplib::Response;
using command = outcome<done> (batch_service::*)(const batch_id&);

const std::string batch = "/api/v1/ingestion/batches/([^/]+)";

/// 202 with the snapshot as the command left it, or as it is by now.
void post_command(const Request& q, Response& res, const http_ports& p,
                  command what) {
  auto id = batch_id{q.matches[1]};
  auto taken = (p.service.*what)(id);
  if (!taken)
    return answer(q, res, taken.why());
  auto view = p.reader.snapshot(id);
  if (!view)
    return answer(q, res, view.why());
  res.set_header("Content-Location", "/api/v1/ingestion/batches/" + id.text);
  answer_json(res, 202, snapshot_body(view.value(), false));
}

void delete_batch(const Request& q, Response& res, const http_ports& p,
                  snapshot_cache& cache) {
  auto id = batch_id{q.matches[1]};
  auto gone = p.service.erase(id);
  if (!gone)
    return answer(q, res, gone.why());
  cache.forget(id.text);
  res.status = 204;
}

} // namespace

void add_command_routes(router& r, const http_ports& p,
                        std::shared_ptr<snapshot_cache> cache) {
  r.post(batch + "/cancel", [&p](const Request& q, Response& res) {
    post_command(q, res, p, &batch_service::cancel);
  });
  r.post(batch + "/retry", [&p](const Request& q, Response& res) {
    post_command(q, res, p, &batch_service::retry);
  });
  r.del(batch, [&p, cache](const Request& q, Response& res) {
    delete_batch(q, res, p, *cache);
  });
}

} // namespace vigie
