#pragma once

#include "domain/batch.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace vigie {

/// JSON columns of the kept schema. Reading never throws: what is not of the
/// expected shape reads as empty.

std::string dump(const nlohmann::json& j); ///< Invalid UTF-8 is replaced.
nlohmann::json to_json(const facts& x);
std::string event_json(const batch_id& id, const event_draft& e,
                       const std::string& event_id,
                       std::optional<int> progress);
std::string metadata_json(const file_metadata& x);
std::optional<std::string> warnings_json(const std::vector<warning>& x);
std::vector<warning> read_warnings(const std::optional<std::string>& text);
std::optional<std::string> box_json(const std::optional<box>& x);
std::optional<box> read_box(const std::optional<std::string>& text);
std::optional<std::string>
extra_json(const std::map<std::string, std::string>& x);
std::map<std::string, std::string>
read_extra(const std::optional<std::string>& text);
std::optional<std::string> strings_json(const std::vector<std::string>& x);
std::vector<std::string> read_strings(const std::optional<std::string>& text);
std::string breakdown_json(const std::vector<risk_line>& x);
std::vector<risk_line> read_breakdown(const std::optional<std::string>& text);

} // namespace vigie
