#pragma once

#include "actors/worker_hub.hpp"
#include "config/settings.hpp"
#include "domain/worker.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace vigie {

/// What the settings say of how files are analysed and of who does it. Reads
/// the files that they name; the problem names the setting that is at fault.
outcome<hub_rules> hub_from(const settings& cfg);

/// How the server's own node is started: `program` and its arguments.
std::vector<std::string> local_node(const settings& cfg,
                                    const std::filesystem::path& program,
                                    const std::filesystem::path& bundle,
                                    uint16_t port);

} // namespace vigie
