#include "app/measured.hpp"

#include "domain/model_call.hpp"

#include <chrono>
#include <utility>

namespace vigie {

namespace {

using clock = std::chrono::steady_clock;

class measured_store : public batch_store {
public:
  measured_store(std::shared_ptr<batch_store> s, std::shared_ptr<telemetry> m)
      : store_(std::move(s)), meter_(std::move(m)) {}

  std::vector<outcome<change_answer>>
  apply(const std::vector<change>& group) override {
    auto since = clock::now();
    auto answers = store_->apply(group);
    meter_->committed(group.size(), clock::now() - since);
    for (std::size_t i = 0; i < answers.size() && i < group.size(); ++i)
      note(group[i], answers[i]);
    return answers;
  }
  outcome<batch_state> load(const batch_id& id) override {
    return store_->load(id);
  }
  outcome<std::vector<open_batch>> unfinished() override {
    return store_->unfinished();
  }
  outcome<std::vector<model_answer>>
  answers(const std::string& prompt_hash,
          const std::vector<std::string>& input_hashes) override {
    return store_->answers(prompt_hash, input_hashes);
  }
  outcome<std::vector<gate_memory>> gates() override { return store_->gates(); }

private:
  void note(const change& c, const outcome<change_answer>& answer) {
    if (!answer) {
      auto why = answer.why().id; // refusals of clients are no failures
      if (why == code::disk_full || why == code::storage_down
          || why == code::internal)
        meter_->unkept(why == code::disk_full);
      return;
    }
    if (answer.value().how == applied::duplicate)
      return;
    if (auto* batch = std::get_if<new_batch>(&c.what);
        batch && answer.value().how == applied::yes) {
      uint64_t bytes = 0;
      for (auto& f : batch->files)
        bytes += f.size_bytes;
      meter_->accepted(batch->files.size(), bytes);
    }
    if (auto* end = std::get_if<status_change>(&c.what);
        end && end->status != batch_status::processing)
      meter_->ended(end->status);
    if (auto* model = std::get_if<gemini_result>(&c.what); model && model->run)
      meter_->held_up(model->run->waited);
  }

  std::shared_ptr<batch_store> store_;
  std::shared_ptr<telemetry> meter_;
};

class measured_client : public model_client {
public:
  measured_client(std::shared_ptr<model_client> c, std::shared_ptr<telemetry> m)
      : client_(std::move(c)), meter_(std::move(m)) {}

  model_reply call(const model_request& request,
                   std::stop_token stop) override {
    auto since = clock::now();
    auto reply = client_->call(request, std::move(stop));
    meter_->asked_model(reply, clock::now() - since);
    return reply;
  }

private:
  std::shared_ptr<model_client> client_;
  std::shared_ptr<telemetry> meter_;
};

class measured_printer : public report_printer {
public:
  measured_printer(std::shared_ptr<report_printer> p,
                   std::shared_ptr<telemetry> m)
      : printer_(std::move(p)), meter_(std::move(m)) {}

  outcome<std::string>
  print(const batch_view& view,
        const std::function<std::string(file_id)>& thumbnail) override {
    auto since = clock::now();
    auto pdf = printer_->print(view, thumbnail);
    meter_->printed(static_cast<bool>(pdf), clock::now() - since);
    return pdf;
  }

private:
  std::shared_ptr<report_printer> printer_;
  std::shared_ptr<telemetry> meter_;
};

} // namespace

std::shared_ptr<batch_store> measured(std::shared_ptr<batch_store> store,
                                      std::shared_ptr<telemetry> meter) {
  return std::make_shared<measured_store>(std::move(store), std::move(meter));
}

std::shared_ptr<model_client> measured(std::shared_ptr<model_client> client,
                                       std::shared_ptr<telemetry> meter) {
  return std::make_shared<measured_client>(std::move(client), std::move(meter));
}

std::shared_ptr<report_printer>
measured(std::shared_ptr<report_printer> printer,
         std::shared_ptr<telemetry> meter) {
  return std::make_shared<measured_printer>(std::move(printer),
                                            std::move(meter));
}

} // namespace vigie
