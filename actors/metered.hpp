#pragma once

#include "actors/census.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace vigie {

/// The message as one word: its atom, or what CAF says.
caf::atom_value word_of(const caf::mailbox_element& x);
/// The question of a looker (see census::ask).
bool is_probe(const caf::mailbox_element& x);

/// An actor class whose messages are counted: those of its mailbox, answers to
/// its requests, what its sockets tell a broker.
template <class Base>
class metered : public Base, public has_meter {
public:
  metered(caf::actor_config& cfg, meter_tag tag)
      : Base(cfg), meter_(std::move(tag)) {
    census::here().add(meter_, this->address());
  }

  ~metered() override { census::here().remove(meter_); }

  meter& own_meter() override { return meter_; }

  using Base::enqueue;
  void enqueue(caf::mailbox_element_ptr x, caf::execution_unit* by) override {
    meter_.arrives();
    Base::enqueue(std::move(x), by);
  }

  caf::resumable::resume_result resume(caf::execution_unit* by,
                                       std::size_t most) override {
    if constexpr (is_broker) { // on the I/O thread alone
      in_turn_ = true;
      auto how = Base::resume(by, most);
      in_turn_ = false;
      return how;
    } else {
      return Base::resume(by, most);
    }
  }

  caf::invoke_message_result consume(caf::mailbox_element& x) override {
    if (is_probe(x)) {
      meter_.hears();
      return caf::invoke_message_result::consumed;
    }
    if (is_broker && !in_turn_)
      meter_.arrives(); // from a socket, past the mailbox
    struct at_the_end {
      meter& m;
      ~at_the_end() { m.ends(); } // a handler may throw
    } guard{meter_};
    meter_.begins(word_of(x));
    return Base::consume(x);
  }

  bool cleanup(caf::error&& why, caf::execution_unit* host) override {
    census::here().remove(meter_);
    return Base::cleanup(std::move(why), host);
  }

private:
  static constexpr bool is_broker =
      std::is_base_of_v<caf::io::abstract_broker, Base>;

  meter meter_;
  bool in_turn_ = false;
};

namespace detail {

template <caf::spawn_options Os, class F, class... Ts>
auto spawn_metered(caf::actor_system& sys, caf::actor_config& cfg,
                   meter_tag tag, F fun, Ts&&... args) {
  using base = caf::infer_impl_from_fun_t<F>;
  caf::detail::init_fun_factory<base, F> factory;
  cfg.init_fun = factory(std::move(fun), std::forward<Ts>(args)...);
  return sys.spawn_impl<metered<base>, Os>(cfg, std::move(tag));
}

} // namespace detail

/// As sys.spawn<Os>(fun, args...), with a meter.
template <caf::spawn_options Os = caf::no_spawn_options, class F, class... Ts>
auto spawn_metered(caf::actor_system& sys, meter_tag tag, F fun, Ts&&... args) {
  caf::actor_config cfg;
  return detail::spawn_metered<Os>(sys, cfg, std::move(tag), std::move(fun),
                                   std::forward<Ts>(args)...);
}

/// As self->spawn(fun, args...): the child is neither linked nor monitored.
template <class F, class... Ts>
auto spawn_metered(caf::local_actor* parent, meter_tag tag, F fun,
                   Ts&&... args) {
  caf::actor_config cfg{parent->context(), parent};
  return detail::spawn_metered<caf::no_spawn_options>(
      parent->system(), cfg, std::move(tag), std::move(fun),
      std::forward<Ts>(args)...);
}

/// As middleman().spawn_broker(fun, args...), with a meter.
template <class F, class... Ts>
auto spawn_metered_broker(caf::actor_system& sys, meter_tag tag, F fun,
                          Ts&&... args) {
  caf::actor_config cfg{&sys.middleman().backend()};
  return detail::spawn_metered<caf::no_spawn_options>(
      sys, cfg, std::move(tag), std::move(fun), std::forward<Ts>(args)...);
}

} // namespace vigie
