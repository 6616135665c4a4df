#pragma once

#include <string>

namespace vigie {

/// Tells systemd, or whoever set NOTIFY_SOCKET, how we are: one datagram as
/// sd_notify(3) documents it ("READY=1", "STOPPING=1"). Nobody there: nothing
/// is done. Never blocks, never fails. Thread-safe.
void tell_supervisor(const std::string& state);

} // namespace vigie
