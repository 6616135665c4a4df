#include "http/gemini_client.hpp"

#include "http/gemini_reply.hpp"
#include "http/gemini_request.hpp"

#include <httplib.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace vigie {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds longest_connect{10'000};
constexpr std::size_t most_reply = 8u << 20;

/// Ends the call at its deadline or when it is called off: httplib's own
/// time-outs start anew with every byte.
class watchdog {
public:
  watchdog(httplib::Client& client, clock::time_point deadline,
           std::stop_token stop)
      : thread_([this, &client, deadline, stop = std::move(stop)] {
          std::stop_callback wake{stop, [this] { ring(); }};
          std::unique_lock guard{lock_};
          bell_.wait_until(guard, deadline, [this] { return rung_; });
          if (!over_)
            client.stop();
        }) {
    // nop
  }
  ~watchdog() {
    {
      std::lock_guard guard{lock_};
      over_ = true;
    }
    ring();
  }

private:
  void ring() {
    std::lock_guard guard{lock_};
    rung_ = true;
    bell_.notify_all();
  }
  std::mutex lock_;
  std::condition_variable bell_;
  bool rung_ = false, over_ = false;
  std::jthread thread_; // last: it uses the others
};

model_reply no_answer(std::string why) {
  model_reply r;
  r.kind = reply_kind::transient;
  r.message = std::move(why);
  return r;
}

class gemini_client : public model_client {
public:
  explicit gemini_client(gemini_options o) : options_(std::move(o)) {
    while (options_.base_url.ends_with('/'))
      options_.base_url.pop_back();
    auto scheme = options_.base_url.find("://");
    auto slash = options_.base_url.find(
        '/', scheme == std::string::npos ? 0 : scheme + 3);
    if (slash != std::string::npos) { // a proxy may stand below a path
      prefix_ = options_.base_url.substr(slash);
      options_.base_url.resize(slash);
    }
  }

  model_reply call(const model_request& request,
                   std::stop_token stop) override {
    try {
      return ask(request, std::move(stop));
    } catch (const std::exception&) {
      return no_answer("The call failed inside");
    }
  }

private:
  model_reply ask(const model_request& request, std::stop_token stop) {
    auto body = request_body(request);
    if (!body) {
      auto r = no_answer(body.why().detail);
      r.kind = reply_kind::bad_request;
      return r;
    }
    if (stop.stop_requested())
      return no_answer("Called off");
    httplib::Client client{options_.base_url};
    if (!client.is_valid())
      return no_answer("gemini.base_url cannot be used");
    client.set_connection_timeout(std::min(longest_connect, request.timeout));
    client.set_read_timeout(request.timeout);
    client.set_write_timeout(request.timeout);
    client.set_follow_location(false);
    client.set_keep_alive(false);
    httplib::Request post;
    post.method = "POST";
    post.path =
        prefix_ + "/v1beta/models/" + request.model + ":generateContent";
    post.headers = {{"x-goog-api-key", options_.api_key},
                    {"Content-Type", "application/json"}};
    post.body = std::move(body).value();
    std::string text;
    post.content_receiver = [&](const char* data, std::size_t n, uint64_t,
                                uint64_t) {
      if (text.size() + n > most_reply)
        return false;
      text.append(data, n);
      return true;
    };
    auto result = [&] {
      watchdog dog{client, clock::now() + request.timeout, stop};
      return client.send(post);
    }();
    if (!result)
      return no_answer(stop.stop_requested()
                           ? "Called off"
                           : "No answer: "
                                 + httplib::to_string(result.error()));
    return classify(result->status, text,
                    result->get_header_value("Retry-After"));
  }

  gemini_options options_;
  std::string prefix_;
};

} // namespace

std::shared_ptr<model_client> make_gemini_client(gemini_options options) {
  return std::make_shared<gemini_client>(std::move(options));
}

} // namespace vigie
